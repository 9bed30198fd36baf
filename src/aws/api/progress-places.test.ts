import { expect, test } from 'vitest';
import { ProgressPlaces } from './progress-places.ts';

async function* endless(): AsyncGenerator<string> {
  for (;;) yield await Promise.resolve('message');
}

const watch = async (places: ProgressPlaces, actorId: string): Promise<AsyncGenerator<string>> => {
  places.mustHaveRoom(actorId);
  const messages = places.hold(actorId, endless());
  expect(await messages.next()).toEqual({ done: false, value: 'message' });
  return messages;
};

const full = { code: 'too_many_requests' };

test('an operator watches so many scans at once, and leaves room for others', async () => {
  const places = new ProgressPlaces(2, 3);
  const [first] = [await watch(places, 'a'), await watch(places, 'a')];
  await expect(watch(places, 'a')).rejects.toMatchObject(full);
  await watch(places, 'b');
  await expect(watch(places, 'c')).rejects.toMatchObject(full);
  await first.return(undefined);
  await watch(places, 'c');
});

test('a stream whose reader leaves before its first message takes no place for good', async () => {
  const places = new ProgressPlaces(1, 1);
  await places.hold('a', endless()).return(undefined);
  await watch(places, 'a');
});

test('of streams that are let in at once no more run than there are places', async () => {
  const places = new ProgressPlaces(1, 1);
  const both = [places.hold('a', endless()), places.hold('a', endless())];
  const began = await Promise.all(both.map((messages) => messages.next()));
  expect(began.map(({ done }) => done)).toEqual([false, true]);
});
