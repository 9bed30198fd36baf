import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from './clock.ts';

export interface DailyFileOptions {
  readonly file: string;
  /** Days that a file of a day gone by is kept. */
  readonly keepDays: number;
  readonly clock: Clock;
  /** Whoever writes the file writes out what waits and opens it anew: its name now belongs to the new day. */
  readonly reopen: () => void;
}

/** A clock change can bring a day back: its second file gets a number. */
const SAME_DAY_MAX = 100;

/**
 * Gives a file that grows a new beginning every day: at local midnight it becomes `<name>.<yymmdd>`, after the day
 * it holds, and files older than `keepDays` are deleted. A file left by a process that was not there at midnight is
 * put aside at once. Returns what ends it. A disk that refuses is no reason to stop writing: the file goes on.
 */
export function rotateDaily(options: DailyFileOptions): () => void {
  const { clock } = options;
  let cancel: () => void = () => {};
  let day = lastDay(options.file) ?? dayOf(clock.now());
  const turn = (): void => {
    const today = dayOf(clock.now());
    if (today !== day) {
      if (putAside(options.file, day)) options.reopen();
      day = today;
    }
    deleteOld(options);
    cancel = clock.after(nextMidnight(clock.now()) - clock.now(), turn);
  };
  turn();
  return () => cancel();
}

/** The day, in local time, on which the file was last written; undefined when there is nothing in it. */
function lastDay(file: string): string | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats === undefined || stats.size === 0 ? undefined : dayOf(stats.mtimeMs);
  } catch {
    // Not ours to look at: whoever writes it says so.
    return undefined;
  }
}

/** `yymmdd`, local. */
function dayOf(ms: number): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value % 100).padStart(2, '0');
  return `${two(date.getFullYear())}${two(date.getMonth() + 1)}${two(date.getDate())}`;
}

function nextMidnight(ms: number): number {
  const date = new Date(ms);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}

/** False when there is no file, or the disk refuses. */
function putAside(file: string, day: string): boolean {
  const name = freeName(`${file}.${day}`);
  if (name === undefined) return false;
  try {
    renameSync(file, name);
    return true;
  } catch {
    // Gone, or a folder that may not be changed any more: the writer stays with the file it has.
    return false;
  }
}

function freeName(name: string): string | undefined {
  if (!existsSync(name)) return name;
  for (let count = 1; count < SAME_DAY_MAX; count++) {
    if (!existsSync(`${name}-${count}`)) return `${name}-${count}`;
  }
  return undefined;
}

function deleteOld({ file, keepDays, clock }: DailyFileOptions): void {
  const now = new Date(clock.now());
  const oldest = dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - keepDays).getTime());
  const folder = dirname(file);
  const beginning = `${basename(file)}.`;
  try {
    for (const name of readdirSync(folder)) {
      const day = name.startsWith(beginning)
        ? /^(\d{6})(?:-\d+)?$/.exec(name.slice(beginning.length))?.[1]
        : undefined;
      if (day !== undefined && day < oldest) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // The folder cannot be read or changed now: tomorrow is another day.
  }
}
