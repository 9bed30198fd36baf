/**
 * Exits with 0 when the service of this container answers 200, at `/readyz` or at the path given. Node alone: an
 * image without a shell has no curl. Where to ask comes from the environment of the service.
 */
import { get } from 'node:http';

const TIMEOUT_MS = 4_000;
const ANY_ADDRESS = ['', '0.0.0.0', '::'];

const host = process.env.TOCSIN_HOST ?? '';
const port = process.env.TOCSIN_HEALTH_PORT ?? '9001';
const path = process.argv[2] ?? '/readyz';

const request = get(
  { host: ANY_ADDRESS.includes(host) ? '127.0.0.1' : host, port, path, timeout: TIMEOUT_MS },
  (response) => {
    response.resume();
    if (response.statusCode !== 200) fail(`answered ${response.statusCode}`);
  },
);
request.on('timeout', () => request.destroy(new Error('no answer in time')));
request.on('error', (error) => fail(error.message));

/** @param {string} reason */
function fail(reason) {
  process.stderr.write(`${path}: ${reason}\n`);
  process.exitCode = 1;
}
