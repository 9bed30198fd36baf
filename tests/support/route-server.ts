import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorAccess } from '../../src/access/access.ts';
import { Sessions } from '../../src/access/sessions.ts';
import { TokenStore } from '../../src/access/token-store.ts';
import { Tokens } from '../../src/access/tokens.ts';
import { createServer } from '../../src/http/server.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { Logger } from '../../src/kernel/log.ts';
import type { Route } from '../../src/kernel/route.ts';
import { Sealer } from '../../src/kernel/seal.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { openMemory } from '../../src/storage/ephemeral/memory.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { migrations } from '../../src/storage/migrations/index.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import { type Answer, ask, type Question } from './ask.ts';
import { checkAnswer } from './check-answer.ts';

const TOKEN = 'the-token-of-the-operator';

export interface RouteServer {
  readonly url: string;
  /** Without credentials; every answer is checked for what holds for all. */
  ask(question: Question): Promise<Answer>;
  /** As an operator. */
  operator(path: string, more?: Partial<Question>): Promise<Answer>;
  readonly authorization: string;
  close(): Promise<void>;
}

/** Some rows behind the real server, with a real operator, on loopback. */
export async function serveRoutes(
  routes: readonly Route[],
  { clock, log }: { clock: Clock; log: Logger },
): Promise<RouteServer> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-routes-'));
  const store = await openSqlite(directory, []);
  await migrate(store, migrations);
  const sealer = new Sealer('a-master-key-of-the-test', 'sessions');
  const sessions = new Sessions({ sealer, clock, ended: openMemory(clock) });
  const tokens = new Tokens({
    store: new TokenStore(store),
    clock,
    environment: new Secret(TOKEN),
    used: () => {},
  });
  const server = createServer({
    routes,
    log,
    access: new OperatorAccess({ tokens, sessions, clock, log }),
    requests: undefined,
    trustedProxies: [],
    tls: undefined,
    requestTimeoutMs: 10_000,
  });
  const url = await server.listen('127.0.0.1', 0);
  const authorization = `Bearer ${TOKEN}`;
  const checked = async (question: Question): Promise<Answer> => {
    const answer = await ask(url, question);
    checkAnswer(answer, question);
    return answer;
  };
  return {
    url,
    authorization,
    ask: checked,
    operator: (path, { headers, ...more } = {}) =>
      checked({ ...more, path, headers: { authorization, ...headers } }),
    async close() {
      await server.close();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
