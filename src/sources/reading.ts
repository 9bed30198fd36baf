import type { Facts } from './make-draft.ts';

/** What a format makes of one record; which record it is, and its text, are told by where it stood. */
export type Reading = Omit<Facts, 'identity' | 'payload'>;
