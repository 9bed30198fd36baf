import { tlsFixture } from '../tests/support/tls-fixture.ts';

export interface Ports {
  readonly mail: number;
  readonly httpUrl: string;
  readonly smsUrl: string;
}

/** The application whose events are internal security alerts here. */
export const OWN_APPLICATION_ID = '5ede853e66ff200020ad47db';

/** The tocsin.yaml of the demo: what an operator would write, with the sinks for receivers. */
export const configFile = ({ mail, httpUrl, smsUrl }: Ports): string => `# Made for the demo; gone with it.
sources:
  - { id: sqreen, kind: sqreen, key: '\${DEMO_WEBHOOK_KEY}' }

targets:
  - { id: log, kind: log }
  - id: mail
    kind: email
    host: 127.0.0.1
    port: ${mail}
    tlsCaFile: ${JSON.stringify(tlsFixture.certFile)}
    from: Tocsin <tocsin@demo.example>
    to: [security@demo.example]
    retryFirstDelay: 1s
  - id: http
    kind: http
    url: ${httpUrl}
    secrets: ['\${DEMO_HTTP_SECRET}']
    retryFirstDelay: 1s
  - id: sms
    kind: sms
    baseUrl: ${smsUrl}
    accountSid: AC00000000000000000000000000000000
    authToken: '\${DEMO_SMS_TOKEN}'
    from: '+15005550006'
    to: '+33612345678'
    retryFirstDelay: 1s
  - id: slack
    kind: slack
    url: '\${DEMO_SLACK_URL}'
    retryFirstDelay: 1s

# Targets may reach public addresses only, unless allowed. The sinks are on this machine.
egress:
  allow: [127.0.0.1]

# An AWS account, with credentials from the environment.
accounts:
  - { id: harbour, credentials: environment, scanEvery: 1m }

application:
  id: ${OWN_APPLICATION_ID}
admins: [mail]
# Tests match no rule below: they are kept and marked unrouted.
default: []

rules:
  - id: everything-but-tests
    when: { type: { not: { prefix: test } } }
    targets: [log]
    continue: true
  - id: wake-somebody
    when: { severity: '>= critical' }
    targets: [sms]
    continue: true
  - id: tell-the-team
    when: { severity: '>= high' }
    targets: [slack, mail]
    continue: true
  - id: production-to-the-pipeline
    when:
      labels.environment: production
      type: { not: { prefix: test } }
    targets: [http]
`;
