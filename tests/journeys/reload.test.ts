import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

afterAll(endOfVisits);

const TEAM = 'targets: [{id: team, kind: log, file: team.log}]\n';
const FAULTY = `${TEAM}rules: [{id: all, targets: [taem]}]\ndefalt: [log]\n`;

describe('the config while the service runs', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit({ config: TEAM });
  });

  const write = (config: string): void => writeFileSync(join(there.service.directory, 'tocsin.yaml'), config);
  const logged = (what: RegExp): number =>
    there.service
      .stdout()
      .split('\n')
      .filter((line) => what.test(line)).length;
  const hangUp = async (said: RegExp): Promise<void> => {
    const before = logged(said);
    there.service.process.kill('SIGHUP');
    await until(`the log to say ${said}`, () => logged(said) > before);
  };
  /** Where a new event goes. */
  const targetsOf = async (id: string): Promise<unknown[]> => {
    expect((await there.webhook(JSON.stringify([{ message_id: id }]))).status).toBe(200);
    const events = await there.operator('GET', '/api/v1/events?limit=1');
    const event = textAt(events.json, 'items', 0, 'id');
    const deliveries = await there.operator('GET', `/api/v1/deliveries?event=${event}`);
    return listAt(deliveries.json, 'items').map((delivery) => at(delivery, 'target'));
  };

  it('is read again at SIGHUP and rules from then on', async () => {
    expect(await targetsOf('before')).toEqual(['log']);
    write(`${TEAM}rules: [{id: all, targets: [team]}]\n`);
    expect(await targetsOf('not yet')).toEqual(['log']);
    await hangUp(/config was read again/);
    expect(await targetsOf('after')).toEqual(['team']);
  });

  it('stays as it was when the new one has faults, and the log names each', async () => {
    write(FAULTY);
    const before = logged(/"log.level":"error"/);
    await hangUp(/config has a fault/);
    await until('both faults', () => logged(/"log.level":"error"/) >= before + 2);
    expect(await targetsOf('faulty')).toEqual(['team']);
    expect((await there.ask({ path: '/readyz' })).status).toBe(200);
  });

  it('tells its faults to an operator who asks for a reload, none of them a secret', async () => {
    write(`${FAULTY}sources: [{id: x, kind: sqreen, key: ${secret('a-key-that-stands-in-the-file')}}]\n`);
    const answer = await there.operator('POST', '/api/v1/config/reload');
    expect(answer.status).toBe(422);
    const faults = listAt(answer.json, 'errors').map(
      (fault) => `${String(at(fault, 'path'))}: ${String(at(fault, 'message'))}`,
    );
    expect(faults).toHaveLength(3);
    expect(faults.join('\n')).toMatch(/did you mean "team"/);
    expect(faults.join('\n')).toMatch(/did you mean "?default"?/);
    expect(await targetsOf('still faulty')).toEqual(['team']);
  });

  it('is missing: all is as if it were empty', async () => {
    write('');
    expect((await there.operator('POST', '/api/v1/config/reload')).status).toBe(200);
    expect(await targetsOf('empty')).toEqual(['log']);
  });

  it('is shown with its places, and without its secrets', async () => {
    const { json } = await there.operator('GET', '/api/v1/config');
    const rows = new Map(listAt(json, 'items').map((row) => [at(row, 'path'), row]));
    expect(at(rows.get('token'), 'origin')).toMatch(/TOCSIN_TOKEN/);
    expect(at(rows.get('http.port'), 'value')).toBe(0);
  });

  it('keeps what was taken in under the old one', async () => {
    write(`${TEAM}rules: [{id: all, targets: [team]}]\n`);
    await hangUp(/config was read again/);
    const [before] = [listAt((await there.operator('GET', '/api/v1/events')).json, 'items').length];
    expect(before).toBeGreaterThan(4);
    expect(listAt((await there.operator('GET', '/api/v1/deliveries?status=dead')).json, 'items')).toEqual([]);
  });

  it('every reload is in the audit log', async () => {
    const { json } = await there.operator('GET', '/api/v1/audit');
    expect(listAt(json, 'items').map((entry) => at(entry, 'action'))).toContain('config.reload');
  });
});
