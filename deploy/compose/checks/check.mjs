/**
 * Checks a running service from outside, as its senders and operators meet it: `node check.mjs <url>` with
 * TOCSIN_TOKEN and SIGNATURE_KEY (or each with _FILE) of that service. One event `tocsin_check` is left there. Exits
 * with 0 when everything is as promised.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const DELIVERED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 200;
const TIMEOUT_MS = 10_000;

const [base = process.env.TOCSIN_URL ?? 'http://127.0.0.1:9000'] = process.argv.slice(2);
const token = secret('TOCSIN_TOKEN');
const key = secret('SIGNATURE_KEY');
const id = randomUUID();
const body = JSON.stringify([{ sqreen_payload_type: 'tocsin_check', id }]);

/** @param {string} name */
function secret(name) {
  const file = process.env[`${name}_FILE`];
  const value = file === undefined ? process.env[name] : readFileSync(file, 'utf8').trimEnd();
  if (!value) throw new Error(`Set ${name} or ${name}_FILE: the one of the service that is checked.`);
  return value;
}

/** @param {string} path @param {RequestInit} [init] */
async function ask(path, init) {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(new URL(path, base), { ...init, redirect: 'error', signal });
  // Read to the end, whoever wants it: a connection with something left on it would keep this process.
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, json: () => JSON.parse(text) };
}
/** @param {string} path */
const asOperator = (path) => ask(path, { headers: { authorization: `Bearer ${token}` } });
/** @param {string} [signature] */
const send = (signature) =>
  ask('/v1/webhook', {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      ...(signature === undefined ? {} : { 'x-sqreen-integrity': signature }),
    },
  });
const signature = createHmac('sha256', key).update(body).digest('hex');

/** @param {{ status: number }} answer @param {number} status */
function expectStatus(answer, status) {
  if (answer.status !== status) throw new Error(`answered ${answer.status}, not ${status}`);
}

/** The event of this run, as the list shows it. */
async function findEvents() {
  const answer = await asOperator('/api/v1/events?type=tocsin_check&limit=20');
  expectStatus(answer, 200);
  const { items } = answer.json();
  const found = [];
  for (const item of items) {
    const one = (await asOperator(`/api/v1/events/${item.id}`)).json();
    if (String(one.payload).includes(id)) found.push(one);
  }
  return found;
}

/** @type {Readonly<Record<string, () => Promise<void>>>} */
const checks = {
  'it is alive': async () => expectStatus(await ask('/livez'), 200),
  'it is ready': async () => expectStatus(await ask('/readyz'), 200),
  'every answer carries the security headers': async () => {
    const { headers } = await ask('/');
    const expected = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' };
    for (const [name, value] of Object.entries(expected)) {
      if (headers.get(name) !== value) throw new Error(`${name} is ${headers.get(name)}`);
    }
  },
  'an unsigned notification is refused': async () => expectStatus(await send(), 401),
  'a forged one is refused': async () => expectStatus(await send('0'.repeat(64)), 401),
  'operators are asked for their token': async () => expectStatus(await ask('/api/v1/events'), 401),
  'a method that is not there is refused': async () =>
    expectStatus(await ask('/v1/webhook', { method: 'PUT' }), 405),
  'a signed notification is taken': async () => {
    const answer = await send(signature);
    expectStatus(answer, 200);
    if (answer.json().status !== true) throw new Error('the body is not {"status": true}');
  },
  "a sender's repeat is absorbed": async () => {
    expectStatus(await send(signature), 200);
    const found = await findEvents();
    if (found.length !== 1) throw new Error(`${found.length} events of one notification`);
  },
  'its deliveries arrive': async () => {
    const deadline = Date.now() + DELIVERED_WITHIN_MS;
    for (;;) {
      const [event] = await findEvents();
      const states = (event?.deliveries ?? []).map((/** @type {{ status: string }} */ one) => one.status);
      const isDone = states.every((/** @type {string} */ state) => state === 'delivered');
      if (event !== undefined && isDone) return;
      if (event === undefined || Date.now() > deadline) {
        throw new Error(
          event === undefined ? 'there is no event' : `the deliveries are ${states.join(', ')}`,
        );
      }
      await wait(LOOK_EVERY_MS);
    }
  },
  'every public page that is described is served': async () => {
    const description = (await ask('/api/v1/openapi.json')).json();
    for (const [path, methods] of Object.entries(description.paths)) {
      const operation = methods.get;
      if (operation === undefined || path.includes('{') || (operation.security ?? []).length > 0) continue;
      const { status } = await ask(path);
      if (status >= 500) throw new Error(`GET ${path} answered ${status}`);
    }
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    process.stdout.write(`ok      ${name}\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
process.stdout.write(
  failed === 0 ? `All ${Object.keys(checks).length} checks hold.\n` : `${failed} failed.\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
