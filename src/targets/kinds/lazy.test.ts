import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const kinds = new URL('index.js', import.meta.url).href;

it('loads no library of a broker or of AWS before a target needs it', () => {
  const code = `
    import { createRequire } from 'node:module';
    await import(${JSON.stringify(kinds)});
    console.log(Object.keys(createRequire(import.meta.url).cache).join('\\n'));`;
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect(loaded).not.toMatch(/node_modules\/(?:amqplib|@nats-io|@aws-sdk|@aws-crypto|@smithy)\//);
});
