import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import type { Reception } from './reception.ts';

const line = Type.Object({ message: Type.String(), tocsin: Type.Object({ delivery_id: Type.String() }) });
const notes = { accept: 'ECS line', fail: '', refuse: '' };

/** What a log shipper would read: the lines that the service writes to its standard output. */
export function readLogSink(output: Readable, reception: Reception): void {
  createInterface({ input: output }).on('line', (text) => {
    const record: unknown = JSON.parse(text);
    if (Check(line, record)) reception.take('log', record.tocsin.delivery_id, record.message, notes);
  });
}
