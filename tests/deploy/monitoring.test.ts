import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { at, listAt, textAt } from '../support/ask.ts';
import { anAccount } from '../support/aws/builders.ts';
import { FakeAws } from '../support/aws/fake-aws.ts';
import { aKey } from '../support/aws/keys.ts';
import { root } from '../support/dockerfile.ts';
import { answers, HttpReceiver } from '../support/http-receiver.ts';
import { IncidentUpstream } from '../support/incident-upstream.ts';
import { type Reading, scrapeUntil } from '../support/metrics.ts';
import { describeWith } from '../support/needs.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { until } from '../support/until.ts';
import { endOfVisits, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';
import { textOf } from './promises.ts';

const ALERTS = 'deploy/prometheus/alerts.yaml';
const ALERT_TESTS = 'deploy/prometheus/alerts.test.yaml';
const DASHBOARD = 'deploy/grafana/dashboard.json';
const FOLDER = join(root, 'deploy/prometheus');

interface Alert {
  readonly name: string;
  readonly expr: string;
  readonly severity: string;
  readonly annotations: unknown;
}

const rules = listAt(parse(textOf(ALERTS)), 'groups', 0, 'rules');
const alerts: readonly Alert[] = rules.map((rule) => ({
  name: textAt(rule, 'alert'),
  expr: textAt(rule, 'expr'),
  severity: textAt(rule, 'labels', 'severity'),
  annotations: at(rule, 'annotations'),
}));

const dashboard: unknown = JSON.parse(textOf(DASHBOARD));
const panels = listAt(dashboard, 'panels');
const variables = listAt(dashboard, 'templating', 'list');
/** With Grafana's variables as Grafana would fill them in. */
const filledIn = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$(?:job|instance)\b/g, '.*');
const shown = panels.flatMap((panel) =>
  (at(panel, 'type') === 'row' ? [] : listAt(panel, 'targets')).map((target) => ({
    panel: textAt(panel, 'title'),
    expr: filledIn(textAt(target, 'expr')),
  })),
);
const annotations = listAt(dashboard, 'annotations', 'list').flatMap((one) => {
  const expr = at(one, 'expr');
  return typeof expr === 'string' ? [filledIn(expr)] : [];
});
const expressions = [...shown.map(({ expr }) => expr), ...annotations, ...alerts.map(({ expr }) => expr)];

/** Of Prometheus's own making. */
const OWN = /^(up|ALERTS)$/;
const METRIC = /\b((?:tocsin|nodejs|process)_[a-z0-9_]+|up)\b(?:\{([^}]*)\})?/g;

interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}
const selectorsIn = (expr: string): Selector[] =>
  [...expr.matchAll(METRIC)].map(([, metric = '', inside = '']) => ({
    metric,
    labels: [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  }));

describe('what is asked of the metrics', () => {
  let reading: Reading;
  let receiver: HttpReceiver;
  let upstream: IncidentUpstream;
  let aws: FakeAws;

  /** Everything that a service counts has happened once. */
  beforeAll(async () => {
    receiver = await HttpReceiver.start();
    upstream = await IncidentUpstream.start();
    upstream.fail('denial', { kind: 'answer', status: 500 });
    const account = anAccount();
    const key = aKey(account.id);
    aws = await FakeAws.start({ accounts: [account], keys: [key] });
    receiver.answer = (response, request) =>
      answers.status(request.path === '/well' ? 200 : 400)(response, request);
    const config = [
      `egress: {allow: ['127.0.0.1']}`,
      'default: [well, broken]',
      'admins: []',
      'targets:',
      `  - {id: well, kind: http, url: '${receiver.url('/well')}'}`,
      `  - {id: broken, kind: http, url: '${receiver.url('/broken')}', retryAttempts: 1}`,
      'feeds:',
      "  - {id: pushed, kind: push, scheme: sqreen, key: '${SIGNATURE_KEY}', backlog: events}",
      'accounts:',
      '  - {id: prod, credentials: environment}',
    ].join('\n');
    const env = {
      TOCSIN_INCIDENTS_URL: upstream.url,
      ELEVATE_API_USER: upstream.user,
      ELEVATE_API_PASSWORD: secret(upstream.password),
      TOCSIN_TLS_CERT: tlsFixture.certFile,
      TOCSIN_TLS_KEY: tlsFixture.keyFile,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url('').replace(/\/$/, ''),
      TOCSIN_OTLP_INTERVAL: '1s',
      TOCSIN_AWS_ENDPOINT: aws.url,
      AWS_ACCESS_KEY_ID: key.id,
      AWS_SECRET_ACCESS_KEY: secret(key.secret),
    };
    const one = await visit({ config, env });
    await until('the first scan of the account', async () => {
      const scans = await one.operator('GET', '/api/v1/scans?state=done');
      return listAt(scans.json, 'items').length > 0;
    });
    await one.webhook('[{"id": "one"}]');
    await one.webhook('[{"id": "one"}]');
    await one.webhook('[{}]', { key: 'a wrong key' });
    await one.webhook('not JSON');
    const pushed = await one.webhook(
      '[{"type": "misuse", "employee_id": 1, "priority": "low", "timestamp": 1}]',
      {
        path: '/api/v1/incidents/feeds/pushed',
      },
    );
    expect(pushed.status).toBe(200);
    reading = await scrapeUntil(
      'the attempts and an export',
      one.url,
      ({ value }) =>
        value('tocsin_deliveries_settled_total', { target: 'broken', status: 'dead' }) !== undefined &&
        value('tocsin_deliveries_settled_total', { target: 'well', status: 'delivered' }) !== undefined &&
        value('tocsin_feed_list_failures_total', { feed: 'elevate', reason: 'status_refused' }) !==
          undefined &&
        value('tocsin_otlp_exports_total') !== undefined,
    );
  });
  afterAll(async () => {
    await endOfVisits();
    await receiver.close();
    await upstream.close();
    await aws.close();
  });

  /** The names of its series. */
  const seriesOf = (name: string, type: string): string[] =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name];

  it('is there: every metric in an alert or a panel is one that the service tells', () => {
    const known = new Set([...reading.types].flatMap(([name, type]) => seriesOf(name, type)));
    const asked = new Set(expressions.flatMap(selectorsIn).map(({ metric }) => metric));
    expect(asked.size).toBeGreaterThan(30);
    expect([...asked].filter((name) => !known.has(name) && !OWN.test(name))).toEqual([]);
  });

  it('has the labels that it is asked by', () => {
    const wrong = expressions.flatMap(selectorsIn).flatMap(({ metric, labels }) => {
      const [series] = reading.series(metric);
      if (series === undefined) return [];
      return labels
        .filter((label) => !(label in series) && label !== 'job' && label !== 'instance')
        .map((label) => `${metric} has no label ${label}`);
    });
    expect(wrong).toEqual([]);
  });

  it('is shown: every metric of our own is in the dashboard or an alert', () => {
    const asked = new Set(expressions.flatMap(selectorsIn).map(({ metric }) => metric));
    const unseen = [...reading.types]
      .filter(
        ([name, type]) => name.startsWith('tocsin_') && !seriesOf(name, type).some((one) => asked.has(one)),
      )
      .map(([name]) => name);
    expect(unseen).toEqual([]);
  });

  it('is described: every metric of our own is in docs/monitoring.md, and no other', () => {
    const own = [...reading.types.keys()].filter((name) => name.startsWith('tocsin_'));
    const page = textOf('docs/monitoring.md');
    const described = [...page.matchAll(/^\| `(tocsin_\w+)`/gm)].map(([, name]) => name);
    expect(described.toSorted()).toEqual(own.toSorted());
  });
});

describe('the alerts', () => {
  it('say how bad it is, what is the matter and what to do', () => {
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
    for (const { name, severity, annotations: told } of alerts) {
      expect(['critical', 'warning'], name).toContain(severity);
      expect(textAt(told, 'summary'), name).toMatch(/\w/);
      expect(textAt(told, 'description'), name).toMatch(/\.$/);
    }
  });

  it('are each made to fire by a test, and silenced by the first of them', () => {
    const tests = listAt(parse(textOf(ALERT_TESTS)), 'tests');
    const fired = tests.flatMap((one) =>
      listAt(one, 'promql_expr_test').flatMap((asked) => {
        const samples = at(asked, 'exp_samples');
        return Array.isArray(samples) ? samples.map((sample: unknown) => textAt(sample, 'labels')) : [];
      }),
    );
    const names = new Set(fired.map((labels) => /alertname="(\w+)"/.exec(labels)?.[1]));
    expect(alerts.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
    const series = listAt(tests[0], 'input_series').map((one) => textAt(one, 'series'));
    const quiet = new Set(series.map((one) => one.split('{')[0]));
    const silent = new Set(alerts.flatMap(({ expr }) => selectorsIn(expr)).map(({ metric }) => metric));
    expect([...silent].filter((metric) => !quiet.has(metric))).toEqual([]);
  });
});

describe('the dashboard', () => {
  const shapes = panels.map((panel) => ({
    id: at(panel, 'id'),
    title: textAt(panel, 'title'),
    ...(at(panel, 'gridPos') as { x: number; y: number; w: number; h: number }),
  }));

  it('has panels that do not overlap, each with an id of its own, within the width', () => {
    expect(new Set(shapes.map(({ id }) => id)).size).toBe(shapes.length);
    for (const { title, x, w } of shapes) expect(x + w, title).toBeLessThanOrEqual(24);
    const overlapping = shapes.flatMap((one, index) =>
      shapes
        .slice(index + 1)
        .filter(
          (other) =>
            one.x < other.x + other.w &&
            other.x < one.x + one.w &&
            one.y < other.y + other.h &&
            other.y < one.y + one.h,
        )
        .map((other) => `${one.title} and ${other.title}`),
    );
    expect(overlapping).toEqual([]);
  });

  it('takes its data from a Prometheus that is chosen, and names none of ours', () => {
    expect(variables.map((one) => textAt(one, 'name'))).toEqual(['datasource', 'job', 'instance']);
    for (const panel of panels.filter((one) => at(one, 'type') !== 'row')) {
      expect(at(panel, 'datasource'), textAt(panel, 'title')).toEqual({
        type: 'prometheus',
        uid: '${datasource}',
      });
      const refs = listAt(panel, 'targets').map((target) => textAt(target, 'refId'));
      expect(new Set(refs).size, textAt(panel, 'title')).toBe(refs.length);
    }
    expect(at(dashboard, 'id')).toBeNull();
    expect(textAt(dashboard, 'uid')).toBe('tocsin');
    expect(at(dashboard, 'schemaVersion')).toBe(39);
  });
});

await describeWith('promtool', 'promtool', () => {
  const promtool = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: FOLDER, encoding: 'utf8' });
    return { status, told: stdout + stderr };
  };

  test('takes the rules and the example of a Prometheus with them', () => {
    expect(promtool('check', 'rules', 'alerts.yaml')).toMatchObject({ status: 0 });
    expect(promtool('check', 'config', 'prometheus.yml')).toMatchObject({ status: 0 });
  });

  test('sees every alert fire when it should, and none when all is well', () => {
    const { status, told } = promtool('test', 'rules', 'alerts.test.yaml');
    expect(status, told).toBe(0);
  });

  test('understands every query of the dashboard', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-promtool-'));
    const rulesOf = shown.map(({ expr }, index) => ({ record: `shown:${index}`, expr }));
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: [{ name: 'shown', rules: rulesOf }] }));
    const { status, told } = promtool('check', 'rules', join(folder, 'rules.yaml'));
    rmSync(folder, { recursive: true });
    expect(status, told).toBe(0);
  });
});
