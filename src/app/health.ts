import { Type } from 'typebox';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, type Route } from '../kernel/route.ts';
import type { Store } from '../storage/store.ts';

const PROBE_MS = 2_000;
const healthWire = Type.Object({ status: Type.Literal('ok') });
const OK = { status: 'ok' } as const;

/** Alive: the process answers. Ready: it can keep what it is given. */
export function healthRoutes(store: Store, isStopping: () => boolean): Route[] {
  const shared = {
    method: 'GET',
    access: { kind: 'public' },
    tag: 'Service',
    isProbe: true,
    reply: { status: 200, schema: healthWire },
  } as const;
  return [
    defineRoute({
      ...shared,
      path: '/livez',
      summary: 'The process answers',
      problems: [],
      handle: async () => OK,
    }),
    defineRoute({
      ...shared,
      path: '/readyz',
      summary: 'The store can be written to',
      problems: ['store_unavailable', 'stopping'],
      async handle() {
        if (isStopping()) throw new Problem('stopping', 'The service is stopping.', { retryAfterSeconds: 1 });
        await within(PROBE_MS, store.probe());
        return OK;
      },
    }),
  ];
}

/** A store that hangs is not ready either. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Problem('store_unavailable', 'The store does not answer.', { retryAfterSeconds: 5 })),
      ms,
    );
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
