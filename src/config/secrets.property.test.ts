import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainConfig } from './explain-config.ts';
import { formatFault } from './origin.ts';
import { load, type World } from './test-definition.ts';

// Long and of unusual letters, so that no word of a message holds it by chance.
const secretText = fc
  .array(fc.constantFrom(...'QXZJqxzj0123456789 :{}[]#&*!|>\'"%@`$,-?\\~='), { minLength: 8, maxLength: 60 })
  .map((letters) => `Zq${letters.join('')}Xj`);

const asYaml = (text: string) =>
  fc.constantFrom(text, JSON.stringify(text), `'${text.replaceAll("'", "''")}'`, `|\n      ${text}`);

const target = (settings: string) =>
  `targets:\n  - id: m\n    kind: mail\n    host: h\n    to: [x]\n    ${settings}\n`;

/** Everything that may be shown to anybody. */
function shownOf(world: World): string {
  const loaded = load(world);
  const shown = loaded.warnings.map(formatFault);
  if (loaded.kind === 'faulty')
    return JSON.stringify([...shown, ...loaded.faults, ...loaded.faults.map(formatFault)]);
  return JSON.stringify([...shown, ...explainConfig(loaded)]);
}

/** As it is, and as JSON would write it. */
function expectHidden(world: World, secret: string): void {
  const shown = shownOf(world);
  expect(shown.includes(secret)).toBe(false);
  expect(shown.includes(JSON.stringify(secret).slice(1, -1))).toBe(false);
}

test('a secret of the environment is never shown, whichever way it comes in', () => {
  fc.assert(
    fc.property(secretText, (secret) => {
      const yaml = `${target('password: ${PW}')}  - {id: w, kind: web, url: "http://x/\${PW}", headers: {A: "\${PW}"}, keys: ["\${PW}"]}\n`;
      expectHidden({ yaml, env: { PW: secret, ACME_TOKEN: secret, SIGNATURE_KEY: secret } }, secret);
      const files = { '/pw': secret };
      expectHidden({ yaml: target('passwordFile: /pw'), env: { ACME_TOKEN_FILE: '/pw' }, files }, secret);
    }),
  );
});

test('a secret written into the file by mistake is never shown, at any place and in any style', () => {
  const places = [
    (text: string) => target(`password: ${text}`),
    (text: string) => target(`port: ${text}`),
    (text: string) => target(`passwordFile: ${text}`),
    (text: string) => `targets:\n  - id: ${text}\n    kind: ${text}\n`,
    (text: string) => `targets:\n  - ${text}\n`,
    (text: string) => `access:\n  token: ${text}\n`,
    (text: string) => `roles:\n  - ${text}\n`,
    (text: string) => `http: ${text}\n`,
    (text: string) => text,
  ];
  fc.assert(
    fc.property(
      secretText.chain((secret) => fc.tuple(fc.constant(secret), asYaml(secret))),
      fc.constantFrom(...places),
      // A key is named in a fault and may be; so no text that makes itself one.
      ([secret, text], place) => {
        fc.pre(!/: |[{}?]|:$/.test(secret));
        expectHidden({ yaml: place(text) }, secret);
      },
    ),
    { numRuns: 500 },
  );
});

test('a secret in the wrong variable or flag is never shown', () => {
  fc.assert(
    fc.property(secretText, (secret) => {
      const env = { ACME_PORT: secret, ACME_PLAIN: secret, ACME_ROLES: secret, ACME_RETENTION: secret };
      const files = { ACME_TOKEN_FILE: secret, ACME_CONFIG: secret, ACME_TOKN: secret };
      expectHidden(
        { env: { ...env, ...files }, flags: { port: secret }, dotEnv: `${secret}\nA="${secret}` },
        secret,
      );
    }),
  );
});
