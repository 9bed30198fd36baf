import { durationMs } from '../../kernel/duration.ts';
import type { VerificationSettings } from './settings.ts';

const TOLERANCE = '5m';
/** Digits and nothing else, so that what was signed has one reading: no sign, no exponent, no fraction. */
const SECONDS = /^[0-9]{1,11}$/;

export const toleranceOf = ({ tolerance }: VerificationSettings, otherwise = TOLERANCE): number =>
  durationMs(tolerance ?? otherwise);

/** Unix ms of a time in Unix seconds; undefined for anything else. */
export function secondsToMs(text: string): number | undefined {
  return SECONDS.test(text) ? Number(text) * 1_000 : undefined;
}

/** Whether a time is as near as it must be, before or after. */
export const isNear = (ms: number, now: number, toleranceMs: number): boolean =>
  Math.abs(now - ms) <= toleranceMs;
