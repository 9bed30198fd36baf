/** One way of events through the service: by what stands at the beginning of their titles, to one target. */
export interface Lane {
  readonly name: string;
  /** Of a hundred events. */
  readonly share: number;
  /** What its receiver does to those who send to it. */
  readonly trouble: string;
  /** Settings of its target that differ from `usual`. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** `moving` has no target of its own: a reload sends it to `steady` or to `other`. */
export const lanes = [
  { name: 'steady', share: 40, trouble: 'none' },
  { name: 'moving', share: 10, trouble: 'its rule is changed' },
  { name: 'flaky', share: 15, trouble: '20 % are answered 500' },
  { name: 'busy', share: 8, trouble: '1 % are answered 429 with Retry-After: 1' },
  { name: 'hanging', share: 2, trouble: '5 % are never answered', settings: { timeout: '3s' } },
  { name: 'resetting', share: 5, trouble: '10 % of the connections are reset' },
  { name: 'down', share: 5, trouble: 'nobody listens, a third of the time' },
  { name: 'slow', share: 4, trouble: 'answers after 2 s', settings: { concurrency: 96 } },
  // A refusal is tried again as any failure is: what is refused every time is given up after these.
  { name: 'picky', share: 5, trouble: 'refuses a tenth for good, with 400', settings: { retryAttempts: 3 } },
  { name: 'mail', share: 2, trouble: '2 % are deferred with 451' },
  { name: 'switched', share: 4, trouble: 'paused, disabled, enabled over the API' },
] as const satisfies readonly Lane[];

export const targets = [...lanes.map(({ name }) => name).filter((name) => name !== 'moving'), 'other'];

/** Sends at once, of each target that says nothing else; so many may be in flight when a process is killed. */
const CONCURRENCY = 32;
export const LOG_TARGET = 'log-file';
const all: readonly Lane[] = lanes;

export const concurrencyOf = (target: string): number => {
  const own = all.find(({ name }) => name === target)?.settings?.['concurrency'];
  return typeof own === 'number' ? own : CONCURRENCY;
};

const laneOfHundred = all.flatMap(({ share }, index) => Array.from({ length: share }, () => index));

/** The lane of the n-th event: the shares are met within each hundred, and neighbours differ. */
export const laneOf = (n: number): number => laneOfHundred[(n * 37) % 100] ?? 0;

export const laneName = (index: number): string => all[index]?.name ?? '';

/** Whether the picky receiver refuses the n-th event, on every attempt. */
export const isRefused = (n: number): boolean => Math.floor(n / 100) % 10 === 3;

/** Patient enough that nothing is given up which is not refused, and quick enough to drain within minutes. */
const usual = {
  concurrency: CONCURRENCY,
  timeout: '10s',
  retryAttempts: 100,
  retryFirstDelay: '1s',
  retryMaxDelay: '10s',
  breakerPause: '5s',
  disableAfter: 'never',
};

export interface Places {
  /** The receiver of all lanes over HTTP but `down`. */
  readonly httpPort: number;
  readonly downPort: number;
  readonly mailPort: number;
  readonly logFile: string;
}

/** The text of tocsin.yaml; JSON is YAML. `movingTo` is what reloads change. */
export function configText(places: Places, movingTo: 'steady' | 'other'): string {
  const url = (name: string): string =>
    `http://127.0.0.1:${name === 'down' ? places.downPort : places.httpPort}/${name}`;
  const settingsOf = (name: string): object => all.find((lane) => lane.name === name)?.settings ?? {};
  return JSON.stringify({
    sources: [
      { id: 'sqreen', kind: 'sqreen', key: '${SIGNATURE_KEY}' },
      {
        id: 'scanner',
        kind: 'json',
        scheme: 'hmac',
        key: '${SIGNATURE_KEY}',
        signature: { header: 'X-Signature', prefix: 'sha256=' },
      },
      { id: 'standard', kind: 'json', scheme: 'standard', key: '${STANDARD_KEY}', tolerance: '1h' },
      { id: 'falco', kind: 'falco', scheme: 'bearer', key: '${SIGNATURE_KEY}' },
    ],
    targets: [
      { id: LOG_TARGET, kind: 'log', file: places.logFile },
      {
        ...usual,
        id: 'mail',
        kind: 'email',
        host: '127.0.0.1',
        port: places.mailPort,
        security: 'none',
        from: 'tocsin@soak.example',
        to: ['soak@soak.example'],
      },
      ...targets
        .filter((name) => name !== 'mail')
        .map((name) => ({ ...usual, id: name, kind: 'http', url: url(name), ...settingsOf(name) })),
    ],
    egress: { allow: ['127.0.0.0/8'] },
    default: [],
    admins: [],
    rules: [
      { id: 'all', targets: [LOG_TARGET], continue: true },
      ...lanes.map(({ name }) => ({
        id: name,
        when: { title: { prefix: `${name} ` } },
        targets: [name === 'moving' ? movingTo : name],
      })),
    ],
  });
}
