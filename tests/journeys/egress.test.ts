import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, textAt } from '../support/ask.ts';
import { answers, HttpReceiver } from '../support/http-receiver.ts';
import {
  attempted,
  deliverTo,
  deliveryWhen,
  reasonsOf,
  settled,
  StagedTargets,
} from '../support/staged-targets.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

describe.concurrent('what targets may reach', () => {
  let inside: HttpReceiver;
  let staged: StagedTargets;
  let there: Visit;
  const insiders = (port: number): Readonly<Record<string, string>> => ({
    loopback: `http://127.0.0.1:${port}/`,
    'other-loopback': `http://127.9.9.9:${port}/`,
    'by-name': `http://localhost:${port}/`,
    'by-number': `http://2130706433:${port}/`,
    'by-octal': `http://0177.0.0.1:${port}/`,
    shortened: `http://127.1:${port}/`,
    unspecified: `http://0.0.0.0:${port}/`,
    'in-ipv6': `http://[::1]:${port}/`,
    mapped: `http://[::ffff:127.0.0.1]:${port}/`,
    compatible: `http://[::127.0.0.1]:${port}/`,
    metadata: 'http://169.254.169.254/latest/meta-data/',
    private: 'http://10.0.0.1/',
    'private-too': 'http://192.168.1.1/',
    cgnat: 'http://100.64.0.1/',
    nat64: 'http://[64:ff9b::7f00:1]/',
    'six-to-four': 'http://[2002:7f00:1::]/',
    'unique-local': 'http://[fd00::1]/',
    'link-local': 'http://[fe80::1]/',
  });

  beforeAll(async () => {
    inside = await HttpReceiver.start();
    const redirect = (location: string) => answers.status(302, '', { location });
    staged = await StagedTargets.start([
      ...Object.entries(insiders(inside.port)).map(([id, url]) => ({
        id,
        url,
        settings: 'retryAttempts: 2',
      })),
      { id: 'allowed' },
      { id: 'redirects-inside', behaviour: redirect(inside.url()), settings: 'retryAttempts: 2' },
      {
        id: 'redirects-to-metadata',
        behaviour: redirect('http://169.254.169.254/'),
        settings: 'retryAttempts: 2',
      },
      { id: 'stays-denied', url: inside.url() },
    ]);
    there = await visit({ config: staged.config });
  });
  afterAll(async () => {
    await endOfVisits();
    await staged.close();
    await inside.close();
  });

  it.each(Object.keys(insiders(0)))('is no address of ours or of our network, spelled as %s', async (id) => {
    const delivery = await settled(there, await deliverTo(there, id));
    expect(reasonsOf(delivery)).toEqual(['egress_denied', 'egress_denied']);
    expect(inside.connections).toBe(0);
  });

  it('is what egress.allow names, on the port that it names', async () => {
    expect(at(await settled(there, await deliverTo(there, 'allowed')), 'status')).toBe('delivered');
  });

  it.each(['redirects-inside', 'redirects-to-metadata'])('is never where a target %s', async (id) => {
    const delivery = await settled(there, await deliverTo(there, id));
    expect(reasonsOf(delivery)).toEqual(['redirect', 'redirect']);
    expect(at(delivery, 'attemptLog', 0, 'status')).toBe(302);
    expect(inside.connections).toBe(0);
  });

  it('when it is denied is told in the API and tried again, as the operator may allow it meanwhile', async () => {
    const id = await deliverTo(there, 'stays-denied');
    await attempted(there, id);
    const delivery = await deliveryWhen(there, id, 'tried again', (one) => Number(at(one, 'attempts')) >= 2);
    expect(at(delivery, 'reason')).toBe('egress_denied');
    expect(Date.parse(textAt(delivery, 'createdAt'))).toBeGreaterThan(0);
    expect(inside.connections).toBe(0);
  });
});
