import type { TObject } from 'typebox';
import { expect, test } from 'vitest';
import { fixture, openFormat, settingsFaults } from '../../../tests/support/source-formats.ts';
import { sampleEvent } from '../../../tests/support/sample-event.ts';
import type { Geo } from '../../events/geo.ts';
import { cloudEvent } from '../../targets/cloud-event.ts';
import type { SourceKind } from '../source.ts';
import { alertmanager } from './alertmanager.ts';
import { aws } from './aws.ts';
import { cloudevents } from './cloudevents.ts';
import { falco } from './falco.ts';
import { github } from './github.ts';
import { grafana } from './grafana.ts';
import { json } from './json.ts';
import { ocsf } from './ocsf.ts';
import { sentry } from './sentry.ts';
import { sqreen } from './sqreen.ts';
import { wazuh } from './wazuh.ts';

/** A side in short: `address country`, of each endpoint. */
type Sides = readonly [source: readonly string[], destination: readonly string[]];
const NONE: Sides = [[], []];

function sides<Settings extends TObject>(kind: SourceKind<Settings>, body: string, input: object = {}) {
  const drafts = openFormat(kind, input).drafts(body, { 'content-type': 'application/json' });
  return drafts.map(({ endpoints }): Sides => {
    if (endpoints === undefined) return NONE;
    const [source, destination] = [endpoints.source, endpoints.destination].map((side) =>
      side.map(({ address, country }) => [address, country].filter((part) => part !== undefined).join(' ')),
    );
    return [source ?? [], destination ?? []];
  });
}

const from = (...source: string[]): Sides => [source, []];

test.each<readonly [string, readonly Sides[]]>([
  ['v1-security-event', [from('135.96.171.118 ROU')]],
  ['v2-security-event', [from('103.6.198.100 MYS')]],
  ['v1-bot-scanning', [from('127.0.0.1')]],
  ['v2-waf', [from('127.0.0.1')]],
  ['v2-notifications', [from('135.96.171.118 ROU'), from('84.185.129.221 ROU')]],
  ['v1-security-response', [from('127.0.0.1')]],
  ['v1-pulse', [NONE]],
  ['v2-security-response', [from('127.0.0.1')]],
  ['v2-test-message', [from('42.42.42.42')]],
])('Sqreen, %s: all addresses are where it came from, with the country they bear', (name, expected) => {
  expect(sides(sqreen, fixture(`sqreen/${name}.json`))).toEqual(expected);
});

test('Sqreen: of a flood of addresses a hundred count, and what is none does not', () => {
  const ips = Array.from({ length: 500 }, (_, n) => ({ address: `192.0.2.${n % 250}` }));
  const [many] = sides(sqreen, JSON.stringify([{ ips, properties: { ips } }]));
  expect(many?.[0]).toHaveLength(100);
  const odd = [
    { address: 'example.com', geo: { code: 'Romania' } },
    { address: '', geo: { code: 'FRA' } },
    { address: ' 192.0.2.7 ', geo: 'FRA' },
    { address: { ip: '192.0.2.8' }, geo: { code: ['FRA'] } },
    'FRA',
  ];
  expect(sides(sqreen, JSON.stringify([{ ips: odd }]))).toEqual([from('FRA', '192.0.2.7')]);
});

test.each<readonly [string, Sides]>([
  ['guardduty-instance', [['203.0.113.99'], ['10.0.0.12']]],
  ['guardduty-access-key', from('2001:db8::99')],
  ['securityhub-ocsf', from('203.0.113.50')],
  ['console-sign-in', from('203.0.113.60')],
  ['alarm-alarm', NONE],
  ['inspector', NONE],
])('AWS, %s', (name, expected) => {
  expect(sides(aws, fixture(`aws/${name}.json`))).toEqual([expected]);
});

const finding = (action: object, more: object = {}) =>
  JSON.stringify({
    source: 'aws.guardduty',
    'detail-type': 'GuardDuty Finding',
    detail: { service: { action, ...more } },
  });
const ends = {
  remoteIpDetails: {
    ipAddressV4: '198.51.100.1',
    country: { countryCode: 'NL', countryName: 'Netherlands' },
  },
  localIpDetails: { ipAddressV4: '10.0.0.1' },
};

test.each<readonly [string, Sides]>([
  ['INBOUND', [['198.51.100.1 NL'], ['10.0.0.1']]],
  ['OUTBOUND', [['10.0.0.1'], ['198.51.100.1 NL']]],
  ['UNKNOWN', [['198.51.100.1 NL'], ['10.0.0.1']]],
])('GuardDuty: a connection that is %s', (connectionDirection, expected) => {
  expect(sides(aws, finding({ networkConnectionAction: { connectionDirection, ...ends } }))).toEqual([
    expected,
  ]);
});

test('GuardDuty: probes of ports, and the endpoints of a sequence', () => {
  expect(sides(aws, finding({ portProbeAction: { portProbeDetails: [ends, ends] } }))).toEqual([
    [
      ['198.51.100.1 NL', '198.51.100.1 NL'],
      ['10.0.0.1', '10.0.0.1'],
    ],
  ]);
  const endpoints = [
    { ip: '198.51.100.2', location: { country: 'Netherlands' } },
    { ip: '198.51.100.3', connection: { direction: 'OUTBOUND' } },
  ];
  expect(sides(aws, finding({}, { detection: { sequence: { endpoints } } }))).toEqual([
    [['198.51.100.2'], ['198.51.100.3']],
  ]);
});

const asff = (finding: object) =>
  JSON.stringify({
    source: 'aws.securityhub',
    'detail-type': 'Security Hub Findings - Imported',
    detail: { findings: [finding] },
  });
const RemoteIpDetails = { IpAddressV4: '198.51.100.1', Country: { CountryCode: 'NL' } };

test.each<readonly [string, object, Sides]>([
  [
    'a network',
    { Network: { Direction: 'OUT', SourceIpV4: '10.0.0.1', DestinationIpV6: '2001:db8::1' } },
    [['10.0.0.1'], ['2001:db8::1']],
  ],
  [
    'a connection that went out',
    { Action: { NetworkConnectionAction: { ConnectionDirection: 'OUTBOUND', RemoteIpDetails } } },
    [[], ['198.51.100.1 NL']],
  ],
  [
    'a connection that came in',
    { Action: { NetworkConnectionAction: { ConnectionDirection: 'INBOUND', RemoteIpDetails } } },
    from('198.51.100.1 NL'),
  ],
  ['a call', { Action: { AwsApiCallAction: { RemoteIpDetails } } }, from('198.51.100.1 NL')],
  [
    'a probe',
    {
      Action: {
        PortProbeAction: {
          PortProbeDetails: [{ RemoteIpDetails, LocalIpDetails: { IpAddressV4: '10.0.0.2' } }],
        },
      },
    },
    [['198.51.100.1 NL'], ['10.0.0.2']],
  ],
])('Security Hub: %s', (_name, record, expected) => {
  expect(sides(aws, asff(record))).toEqual([expected]);
});

test('AWS: the actor of a policy finding of Macie, and no service for an address', () => {
  const event = (detail: object) => JSON.stringify({ source: 'aws.x', 'detail-type': 'X', detail });
  const ipAddressDetails = { ipAddressV4: '198.51.100.9', ipCountry: { code: 'JP', name: 'Japan' } };
  expect(sides(aws, event({ policyDetails: { actor: { ipAddressDetails } } }))).toEqual([
    from('198.51.100.9 JP'),
  ]);
  expect(sides(aws, event({ sourceIPAddress: 'cloudtrail.amazonaws.com' }))).toEqual([NONE]);
});

test('OCSF: both endpoints, of the record and of its evidences', () => {
  expect(sides(ocsf, fixture('ocsf/authentication-failed.json'))).toEqual([from('203.0.113.5')]);
  // What is listed as an observable alone has no side.
  expect(sides(ocsf, fixture('ocsf/detection-finding.json'))).toEqual([NONE]);
  const record = {
    src_endpoint: { ip: '192.0.2.1', location: { country: 'DE' } },
    dst_endpoint: { location: { country: 'US' } },
    evidences: [{ src_endpoint: { ip: '2001:db8::5' } }, { dst_endpoint: { ip: '10.1.1.1' } }],
  };
  expect(sides(ocsf, JSON.stringify(record))).toEqual([
    [
      ['192.0.2.1 DE', '2001:db8::5'],
      ['US', '10.1.1.1'],
    ],
  ]);
});

test.each<readonly [Record<string, string>, Sides]>([
  [{ 'fd.cip': '192.0.2.1', 'fd.sip': '10.0.0.1' }, [['192.0.2.1'], ['10.0.0.1']]],
  [
    { 'fd.cip': '10.0.0.1', 'fd.sip': '192.0.2.1', 'fd.lip': '10.0.0.1', 'fd.rip': '192.0.2.1' },
    [['10.0.0.1'], ['192.0.2.1']],
  ],
  [{ 'fd.cip': '10.0.0.1', 'fd.rip': '192.0.2.1' }, [['10.0.0.1'], ['192.0.2.1']]],
  [{ 'fd.cip': '192.0.2.1', 'fd.rip': '192.0.2.1', 'fd.lip': '10.0.0.1' }, [['192.0.2.1'], ['10.0.0.1']]],
  [{ 'fd.sip': '192.0.2.1', 'fd.rip': '192.0.2.1', 'fd.lip': '10.0.0.1' }, [['10.0.0.1'], ['192.0.2.1']]],
  [{ 'fd.lip': '10.0.0.1', 'fd.rip': '192.0.2.1', 'evt.type': 'connect' }, [['10.0.0.1'], ['192.0.2.1']]],
  [{ 'fd.lip': '10.0.0.1', 'fd.rip': '192.0.2.1', 'evt.type': 'accept4' }, [['192.0.2.1'], ['10.0.0.1']]],
  [{ 'fd.rip': '192.0.2.1' }, from('192.0.2.1')],
  [{ 'ct.srcip': '192.0.2.1' }, from('192.0.2.1')],
  [{ 'ka.sourceips': '192.0.2.1', 'okta.client.ip': '192.0.2.2' }, from('192.0.2.1', '192.0.2.2')],
  [{ 'fd.cip': '<NA>', 'fd.rip': '<NA>' }, NONE],
])('Falco: of %j', (fields, expected) => {
  expect(sides(falco, JSON.stringify({ rule: 'r', output_fields: fields }))).toEqual([expected]);
});

test('Falco: a connection to a server that a rule names went out', () => {
  expect(sides(falco, fixture('falco/falcosidekick.json'))).toEqual([[[], ['203.0.113.66']]]);
  expect(sides(falco, fixture('falco/syscall.json'))).toEqual([NONE]);
});

test('Wazuh: by the names of its decoders; the machine itself is no side, a name of a country no code', () => {
  expect(sides(wazuh, fixture('wazuh/sshd.json'))).toEqual([from('198.51.100.12')]);
  expect(sides(wazuh, fixture('wazuh/windows.json'))).toEqual([from('2001:db8::17')]);
  expect(sides(wazuh, fixture('wazuh/alerts.ndjson'))).toEqual([NONE, from('203.0.113.5'), NONE]);
  const of = (data: object) =>
    sides(wazuh, JSON.stringify({ rule: {}, data, GeoLocation: { country_name: 'Peru' } }))[0];
  expect(of({ srcip: '192.0.2.1', dstip: '10.0.0.1' })).toEqual([['192.0.2.1'], ['10.0.0.1']]);
  expect(of({ src_ip: '192.0.2.1', dest_ip: '10.0.0.1' })).toEqual([['192.0.2.1'], ['10.0.0.1']]);
  expect(of({ aws: { sourceIPAddress: '192.0.2.3' } })).toEqual(from('192.0.2.3'));
  expect(of({ office365: { ClientIP: '192.0.2.4' } })).toEqual(from('192.0.2.4'));
  const sysmon = { sourceIp: '10.0.0.1', destinationIp: '192.0.2.5', ipAddress: '-' };
  expect(of({ win: { eventdata: sysmon } })).toEqual([['10.0.0.1'], ['192.0.2.5']]);
});

test('Sentry: the user, with the country that was looked up there', () => {
  for (const name of ['error', 'event-alert', 'legacy'])
    expect(sides(sentry, fixture(`sentry/${name}.json`))).toEqual([from('203.0.113.90')]);
  expect(sides(sentry, fixture('sentry/issue-created.json'))).toEqual([NONE]);
  const user = { ip_address: '192.0.2.1', geo: { country_code: 'IE', city: 'Dublin' } };
  expect(sides(sentry, JSON.stringify({ data: { error: { user } } }))).toEqual([from('192.0.2.1 IE')]);
});

test('GitHub: the actor, where the payload is of the audit log', () => {
  const body = { action: 'a', actor_ip: '192.0.2.1', actor_location: { country_code: 'ES' } };
  expect(sides(github, JSON.stringify(body))).toEqual([from('192.0.2.1 ES')]);
  expect(sides(github, JSON.stringify({ actor_location: { country_code: 'ES' } }))).toEqual([from('ES')]);
  expect(sides(github, fixture('github/push.json'))).toEqual([NONE]);
});

test.each([alertmanager, grafana])('$kind: labels that name a side, and no machine', (kind) => {
  const alert = (labels: object) =>
    sides(kind, JSON.stringify({ version: '4', alerts: [{ status: 'firing', labels }] }))[0];
  expect(alert({ src_ip: '192.0.2.1', dst_ip: '10.0.0.1' })).toEqual([['192.0.2.1'], ['10.0.0.1']]);
  expect(alert({ client_ip: '192.0.2.1', source_ip: 'x' })).toEqual(from('192.0.2.1'));
  expect(alert({ instance: '192.0.2.1:9100', ip: '192.0.2.1' })).toEqual(NONE);
});

test.each([
  ['json', json, (data: object) => JSON.stringify(data)],
  ['cloudevents', cloudevents, (data: object) => JSON.stringify({ specversion: '1.0', type: 't', data })],
] as const)('%s: the usual names', (_name, kind, body) => {
  const of = (record: object) => sides<TObject>(kind, body(record))[0];
  expect(of({ src_ip: '192.0.2.1', dst_ip: '10.0.0.1' })).toEqual([['192.0.2.1'], ['10.0.0.1']]);
  expect(of({ source_ip: '192.0.2.1', ip: '192.0.2.2' })).toEqual(from('192.0.2.1'));
  expect(of({ ip: '192.0.2.2' })).toEqual(from('192.0.2.2'));
  expect(of({ destination_ip: '192.0.2.3' })).toEqual([[], ['192.0.2.3']]);
  expect(of({ ip: 'here', country: 'FR' })).toEqual(NONE);
});

test('JSON: where the config says, a country being that of the whole side', () => {
  const endpoints = {
    source: { address: ['/client/ip', '/proxies'], country: ['/client/country', '/cc'] },
    destination: { country: 'FR' },
  };
  const of = (record: object) => sides(json, JSON.stringify(record), { map: { endpoints } })[0];
  expect(of({ client: { ip: '192.0.2.1' }, proxies: ['192.0.2.2', 'x', 7], src_ip: '192.0.2.9' })).toEqual([
    ['192.0.2.1', '192.0.2.2'],
    ['FR'],
  ]);
  expect(of({ client: { ip: '192.0.2.1', country: 'Germany' }, cc: 'deu' })).toEqual([
    ['192.0.2.1 deu'],
    ['FR'],
  ]);
  expect(of({ cc: 'DE' })).toEqual([['DE'], ['FR']]);
  expect(of({})).toEqual([[], ['FR']]);
  // None at all: what has the usual names says nothing of sides here.
  expect(sides(json, '{"src_ip": "192.0.2.1"}', { map: { endpoints: {} } })).toEqual([NONE]);
  const faults = settingsFaults(json, { map: { endpoints: { source: { address: '/a~b' } } } });
  expect(faults.map(({ path }) => path)).toEqual(['map.endpoints.source.address']);
});

test('of another Tocsin: its countries, to be judged by the lists here', () => {
  const forwarded = (geo: Geo | undefined) =>
    sides(cloudevents, cloudEvent(sampleEvent({ geo }), 'https://a.example'))[0];
  expect(forwarded({ source: 'RU', destination: 'FR', allowed: true })).toEqual([['RU'], ['FR']]);
  expect(forwarded({ source: 'unknown', destination: 'private', allowed: true })).toEqual(NONE);
  expect(forwarded(undefined)).toEqual(NONE);
});
