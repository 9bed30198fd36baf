import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Finding, fail, ok, warn } from './finding.ts';

const MEBIBYTE = 1_048_576;
const FREE_FAIL = 100 * MEBIBYTE;
const FREE_WARN = 1_024 * MEBIBYTE;
const PART_WARN = 0.05;

/** Bytes and files that a disk has left. */
export interface Room {
  readonly free: number;
  readonly total: number;
  /** 0 on a file system that has no such number. */
  readonly files: number;
  readonly freeFiles: number;
}

/** The room on the disk of each directory, told once for those on the same one. */
export function checkDisks(places: readonly { readonly name: string; readonly path: string }[]): Finding[] {
  return places.map(({ name, path }) => {
    const room = roomAt(path);
    return room === undefined
      ? warn('disk', `${name}: how much room there is cannot be read`, `Look at ${path}.`)
      : judgeRoom(`${name} (${path})`, room);
  });
}

/** Of the directory, or of what it will be made in. */
function roomAt(path: string): Room | undefined {
  for (let at = path; ; at = dirname(at)) {
    try {
      const { bsize, blocks, bavail, files, ffree } = statfsSync(at);
      return { free: bavail * bsize, total: blocks * bsize, files, freeFiles: ffree };
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isMissing || at === dirname(at)) return undefined;
    }
  }
}

export function judgeRoom(name: string, { free, total, files, freeFiles }: Room): Finding {
  const percent = total === 0 ? 100 : Math.floor((free / total) * 100);
  const what = `${name}: ${inUnits(free)} free, ${percent} %`;
  const todo = 'Make room, or shorten events.retention. A full disk refuses every notification with 503.';
  if (free < FREE_FAIL) return fail('disk', what, todo);
  if (files > 0 && freeFiles / files < PART_WARN)
    return warn(
      'disk',
      `${what}, but only ${freeFiles} more files`,
      'Delete files: the disk runs out of inodes.',
    );
  return free < FREE_WARN || (total > 0 && free / total < PART_WARN)
    ? warn('disk', what, todo)
    : ok('disk', what);
}

/** `1.4 GiB`. */
export const inUnits = (bytes: number): string =>
  bytes < 1_024 * MEBIBYTE
    ? `${Math.round(bytes / MEBIBYTE)} MiB`
    : `${(bytes / (1_024 * MEBIBYTE)).toFixed(1)} GiB`;
