import type { DeliveryEngine } from '../delivery/engine.ts';
import type { Clock } from '../kernel/clock.ts';
import { createGuardedHttpClient } from '../kernel/guarded-http.ts';
import type { Logger } from '../kernel/log.ts';
import { Registry } from '../registry/registry.ts';
import type { TargetContext } from '../targets/target.ts';
import type { Config } from './settings.ts';
import type { OpenTelemetry } from './telemetry.ts';

const EGRESS_CONNECT_MS = 5_000;
const EGRESS_CONNECTIONS_MAX = 256;

export interface RegistryParts {
  readonly config: Config;
  readonly engine: DeliveryEngine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly publicUrl: () => string;
  readonly traceparent: OpenTelemetry['traceparent'];
  readonly shareText: NonNullable<TargetContext['shareText']>;
}

/** What is configured, and what it reaches the outside with. */
export function createRegistry(parts: RegistryParts) {
  const { config, engine, clock, log, publicUrl, traceparent, shareText } = parts;
  const egress = {
    allow: config.egress.allow,
    connectTimeoutMs: EGRESS_CONNECT_MS,
    connectionsMax: EGRESS_CONNECTIONS_MAX,
  };
  const http = createGuardedHttpClient(egress);
  const registry = new Registry(
    {
      source: { clock, http },
      egress,
      target: {
        http,
        clock,
        log,
        get publicUrl() {
          return publicUrl();
        },
        shareText,
        // Not through the log's buffer: "delivered" must mean written, also when the next thing is a kill.
        writeLine: (line) => void process.stdout.write(`${line}\n`),
        ...(traceparent === undefined ? {} : { traceparent }),
      },
    },
    (snapshot) => engine.use(snapshot.targets),
  );
  return { http, registry };
}
