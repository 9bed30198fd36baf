/** What a benchmark set up and must take down again: closed in the reverse order, whatever happened. */
export interface Stage {
  /** Returns what was handed in. */
  use<T extends { close(): Promise<void> | void }>(thing: T): T;
}

/** Runs `play` and closes everything it put on the stage, also when it failed. */
export async function onStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  const things: { close(): Promise<void> | void }[] = [];
  try {
    return await play({
      use(thing) {
        things.push(thing);
        return thing;
      },
    });
  } finally {
    for (const thing of things.toReversed()) await thing.close();
  }
}
