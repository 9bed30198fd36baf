import { Check } from 'typebox/value';
import { parseUntrusted } from '../kernel/json.ts';
import type { Api, OpenedStream } from './api.ts';
import { scan, type ScanSummary } from './aws-wire.ts';
import type { CommandContext } from './command.ts';
import { failed, type Result, succeeded } from './result.ts';

const AGAIN_MS = 2_000;
/** So often in a row nobody answers: half a minute and what each of the tries takes. */
const MISSES_MAX = 15;

type Show = (scan: ScanSummary) => void;

/** Shows how far a scan is until it is over; goes on where the connection breaks. Whoever stops it does not end the scan. */
export async function followScan(
  api: Api,
  id: string,
  { pause }: Pick<CommandContext, 'pause'>,
  show: Show,
): Promise<Result<undefined>> {
  for (let misses = 0; ; misses += 1) {
    const opened = await api.stream(`api/v1/scans/${id}/progress`, {}, undefined);
    if (opened.kind === 'refused') return failed(opened.fault);
    if (opened.kind === 'unknown') return failed('The service knows nothing of this scan.');
    const read = opened.kind === 'open' ? await readProgress(opened, show) : 'nothing';
    if (read === 'over') return succeeded(undefined);
    if (read === 'foreign')
      return failed('The service tells of something that is no scan: is it much newer?');
    if (read === 'some') misses = 0;
    const fault = opened.kind === 'away' ? opened.fault : 'The connection breaks again and again.';
    if (misses >= MISSES_MAX || !(await pause(AGAIN_MS))) return failed(fault);
  }
}

/** What was read up to the end of a connection. */
type Read = 'over' | 'some' | 'nothing' | 'foreign';

async function readProgress(
  { messages }: Extract<OpenedStream, { kind: 'open' }>,
  show: Show,
): Promise<Read> {
  let read: Read = 'nothing';
  try {
    for await (const { event, data } of messages) {
      const told = parseUntrusted(data);
      if (!told.ok || !Check(scan, told.value)) return 'foreign';
      show(told.value);
      if (event === 'over') return 'over';
      read = 'some';
    }
  } catch {
    // The connection broke: the next one begins with how far it is by then.
  }
  return read;
}
