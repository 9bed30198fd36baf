import type { Clock } from '../../kernel/clock.ts';
import type { Route } from '../../kernel/route.ts';
import type { Ephemeral } from '../../storage/ephemeral/port.ts';
import type { Journal } from '../../storage/journal.ts';
import { AnswerCache, type Ask } from '../answers/answer-cache.ts';
import type { Principal } from '../principal.ts';
import { type AskedAccount, Askers } from '../session/asker.ts';
import { AwsSessions } from '../session/aws-sessions.ts';
import { Login } from '../session/login.ts';
import { LoginLimits, type LoginRates } from '../session/login-limits.ts';
import { SessionPlaces } from '../session/session-places.ts';
import type { Identified } from '../thread/protocol.ts';
import { AnswerDesk } from './answer-desk.ts';
import { inventoryRoutes, type Standing } from './inventory-http.ts';
import { sessionRoutes } from './session-http.ts';

export interface AwsRoutesOptions {
  /** Asks AWS whose keys they are; may reject with ThreadEnded. */
  readonly identify: (principal: Principal) => Promise<Identified>;
  /** Asks AWS; may reject with ThreadEnded. */
  readonly ask: Ask;
  /** Nothing of this owner, nor its credentials, is to be kept in the thread any more. */
  readonly forget: (owner: string) => void;
  /** Those of the config in force. */
  readonly accounts: () => readonly AskedAccount[];
  /** Where sealed sessions rest. With a SQL store there are none. */
  readonly ephemeral: Pick<Ephemeral, 'kind' | 'put' | 'get' | 'take'>;
  readonly journal: Pick<Journal, 'submit'>;
  readonly clock: Clock;
  readonly standing: Standing;
  /** How long a session lasts at most. */
  readonly sessionMs: number;
  /** How many sessions there may be at once that began here. */
  readonly sessionsMax?: number;
  /** For so long an answer is given as it is, and for so long while a new one is being read. */
  readonly freshForMs: number;
  readonly staleForMs: number;
  readonly loginRates?: LoginRates;
}

export interface AwsFront {
  readonly routes: readonly Route[];
  readonly askers: Askers;
  readonly answers: AnswerCache;
  readonly sessions: AwsSessions;
  /** No clock calls any more. */
  stop(): void;
}

/** Logging in to AWS, and asking an account what it has. */
export function awsRoutes(options: AwsRoutesOptions): AwsFront {
  const { identify, ask, forget, accounts, ephemeral, journal, clock, freshForMs, staleForMs } = options;
  const places = new SessionPlaces(undefined, options.sessionsMax);
  const limits = new LoginLimits(clock, options.loginRates);
  const sessions = new AwsSessions({
    records: ephemeral,
    clock,
    lifeMs: options.sessionMs,
    ended(owner) {
      places.free(owner);
      answers.forget(owner);
      forget(owner);
    },
  });
  const answers = new AnswerCache({
    ask,
    clock,
    freshForMs,
    staleForMs,
    refused: (owner) => void sessions.end(owner).catch(() => undefined),
  });
  const askers = new Askers({ sessions, accounts });
  const login = new Login({ sessions, places, limits, identify, journal, clock });
  const desk = new AnswerDesk({ askers, answers, clock });
  return {
    routes: [
      ...sessionRoutes({ sessions, askers, login, limits }),
      ...inventoryRoutes(desk, options.standing),
    ],
    askers,
    answers,
    sessions,
    stop: () => sessions.stop(),
  };
}
