import { expect, test } from 'vitest';
import { sqliteFailure } from './errors.ts';

const sqliteError = (message: string, errcode?: number): Error =>
  Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR' }, errcode === undefined ? {} : { errcode });

test.each([
  ['database is locked', 5],
  ['database is locked', 261],
  ['disk I/O error', 778],
  ['database or disk is full', 13],
  ['attempt to write a readonly database', 1544],
  ['unable to open database file', 14],
])('"%s" (%i) can go away, with its code and without', (message, errcode) => {
  expect(sqliteFailure(sqliteError(message, errcode)).kind).toBe('unavailable');
  expect(sqliteFailure(sqliteError(message)).kind).toBe('unavailable');
});

test.each([
  ['UNIQUE constraint failed: events.id', 1555],
  ['string or blob too big', 18],
  ['no such table: database is locked', 1],
])('"%s" (%i) never goes away, with its code and without', (message, errcode) => {
  expect(sqliteFailure(sqliteError(message, errcode)).kind).toBe('refused');
  expect(sqliteFailure(sqliteError(message)).kind).toBe('refused');
});
