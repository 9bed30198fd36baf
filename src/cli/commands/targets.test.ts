import { expect, test } from 'vitest';
import type { TargetWire } from '../../delivery/targets-wire.ts';
import { answered, bodyOf, refused, testApi } from '../test-api.ts';
import { cli } from '../test-cli.ts';

const none = { count: 0, isMore: false, oldestAt: null };
const target = (
  overrides: Partial<TargetWire> = {},
  health: Partial<TargetWire['health']> = {},
): TargetWire => ({
  id: 'mail',
  kind: 'email',
  origin: 'file',
  state: 'enabled',
  reason: null,
  changedBy: null,
  changedAt: null,
  until: null,
  held: null,
  rateLimit: '100/m',
  fallback: 'chat',
  health: {
    delivered: 98,
    failed: 2,
    rejected: 0,
    successRate: 0.98,
    durationMs: { p50: 12, p95: 80 },
    lastSuccessAt: '2026-01-31T11:59:00.000Z',
    lastFailureAt: null,
    failingSince: null,
    breaker: { state: 'closed', until: null },
    pending: none,
    skipped: none,
    ...health,
  },
  ...overrides,
});
const one = (found: TargetWire) => testApi(() => answered(found));

test('the name of the group alone lists every target with how it stands and did', async () => {
  const disabled = target({ id: 'old', state: 'disabled', reason: 'gone' }, { successRate: null });
  const api = await testApi(() => answered({ items: [target(), disabled] }));
  const { code, out } = await cli(['targets'], { env: api.env });
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    expect.stringMatching(/^mail +email +enabled +98 % of 100 +0 waiting$/),
    expect.stringMatching(/^old +email +disabled +no attempts +0 waiting +gone$/),
  ]);
  expect(api.requests).toMatchObject([{ method: 'GET', path: '/api/v1/targets' }]);
  const json = await cli(['targets', '--json'], { env: api.env });
  expect(JSON.parse(json.out)).toEqual({ items: [target(), disabled] });
});

test('one is shown in full: why it is held, its breaker, what waits since when', async () => {
  const until = '2026-01-31T12:00:30.000Z';
  const api = await one(
    target(
      { held: { reason: 'breaker_open', until } },
      {
        breaker: { state: 'open', until },
        pending: { count: 10_000, isMore: true, oldestAt: '2026-01-31T10:00:00.000Z' },
      },
    ),
  );
  const { code, out } = await cli(['targets', 'show', 'mail'], { env: api.env });
  expect(code).toBe(0);
  expect(out).toContain('10000+ deliveries, since 2026-01-31T10:00:00.000Z');
  expect(out).toContain(`open until ${until}`);
  expect(out).toMatch(/Fallback +chat/);
});

test.each([
  [['pause', 'mail', '--for', '2h', '--reason', 'moving'], '/pause', { for: '2h', reason: 'moving' }],
  [['pause', 'mail', '--until', '2026-02-01T00:00:00Z'], '/pause', { until: '2026-02-01T00:00:00Z' }],
  [['disable', 'mail', '--reason', 'moved'], '/disable', { reason: 'moved' }],
  [['disable', 'mail'], '/disable', {}],
])('%j asks for just that', async (line, path, body) => {
  const api = await one(target());
  expect((await cli(['targets', ...line], { env: api.env })).code).toBe(0);
  expect(api.requests[0]).toMatchObject({ method: 'POST', path: `/api/v1/targets/mail${path}` });
  expect(bodyOf(api.requests[0])).toEqual(body);
});

test('an admin is shown its settings', async () => {
  const settings = { kind: 'email', password: '[secret]' };
  const api = await testApi(() => answered({ ...target(), settings }));
  const { out } = await cli(['targets', 'show', 'mail'], { env: api.env });
  expect(JSON.parse(out.slice(out.indexOf('{')))).toEqual(settings);
});

test('enabling says what was skipped meanwhile, and how to send it', async () => {
  const api = await one(target({}, { skipped: { count: 7, isMore: false, oldestAt: null } }));
  const { code, err } = await cli(['targets', 'enable', 'mail'], { env: api.env });
  expect(code).toBe(0);
  expect(err).toBe('7 skipped meanwhile. To send them: tocsin replay --status skipped --target mail');
  expect(api.requests[0]).toMatchObject({ path: '/api/v1/targets/mail/enable', body: '' });
});

test.each([[['show', '../session']], [['pause', 'mail', '--for', 'soon']], [['enable']], [['fly', 'mail']]])(
  '%j exits with 2 before anything is asked',
  async (line) => {
    const api = await one(target());
    expect((await cli(['targets', ...line], { env: api.env })).code).toBe(2);
    expect(api.requests).toEqual([]);
  },
);

test('a refusal exits with 1 in the service’s words', async () => {
  const api = await testApi(() => refused(409, 'conflict', 'The target is disabled.'));
  const { code, out, err } = await cli(['targets', 'pause', 'mail'], { env: api.env });
  expect([code, out, err]).toEqual([1, '', 'The target is disabled.']);
});
