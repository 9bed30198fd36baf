import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renewedFixture, tlsFixture } from '../../tests/support/tls-fixture.ts';
import { load } from '../app/load.ts';
import { targetKinds } from './kinds/index.ts';
import { fieldNames, rootNames } from './template-data.ts';

const page = readFileSync(new URL('../../../docs/targets.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => match[1] ?? '');

/** A value of the right form for every secret that the examples name. */
const env = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/x',
  DISCORD_WEBHOOK_URL: 'https://discord.com/api/webhooks/1/x',
  TEAMS_WEBHOOK_URL: 'https://prod.westeurope.logic.azure.com/workflows/x?sig=x',
  SIEM_SIGNING_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  TELEGRAM_BOT_TOKEN: '123456789:AAF-0123456789abcdef0123456789abcde',
  PAGERDUTY_ROUTING_KEY: 'a'.repeat(32),
  NATS_CREDS: '-----BEGIN NATS USER JWT-----\nx\n-----BEGIN USER NKEY SEED-----\nx\n',
};
/** Files that the examples name and no other machine has. */
const files = {
  '/etc/tocsin/collector-ca.pem': renewedFixture.certFile,
  '/etc/tocsin/client.pem': tlsFixture.certFile,
  '/etc/tocsin/client-key.pem': tlsFixture.keyFile,
};
const withFiles = (block: string): string =>
  Object.entries(files).reduce((text, [named, there]) => text.replace(named, there), block);
const secretNames = [...page.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name = '']) => name);
const anySecret = Object.fromEntries(secretNames.map((name) => [name, 'a-secret']));

describe('docs/targets.md', () => {
  it.each(blocks)('has only examples that the service starts with (%#)', (block) => {
    const cwd = mkdtempSync(join(tmpdir(), 'tocsin-targets-'));
    writeFileSync(join(cwd, 'tocsin.yaml'), withFiles(block));
    const loaded = load({ env: { ...anySecret, ...env }, cwd, flags: {} });
    rmSync(cwd, { recursive: true });
    expect(loaded).toMatchObject({ kind: 'ok' });
  });

  it('has a section for every kind', () => {
    const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, name]) => name);
    expect(targetKinds.map(({ kind }) => kind).filter((kind) => !sections.includes(kind))).toEqual([]);
  });

  it('names all that a template can name', () => {
    const names = [...rootNames, ...Object.values(fieldNames).flat()];
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
