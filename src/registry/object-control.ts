import { type AuditEntry, auditWrite } from '../access/audit.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Fault } from '../kernel/fault.ts';
import { Problem } from '../kernel/problem.ts';
import type { Actor } from '../kernel/route.ts';
import type { Journal } from '../storage/journal.ts';
import type { Write } from '../storage/statement.ts';
import { listNames, type Members } from './members.ts';
import { namedBy } from './named-by.ts';
import {
  countUpWrite,
  type KeptObject,
  type ObjectBody,
  type ObjectStore,
  placeWrite,
  removeWrite,
  SealBroken,
} from './object-store.ts';
import type { ConfiguredObjects, ObjectKind } from './objects.ts';

export interface ObjectControlOptions {
  readonly objects: ObjectStore;
  readonly journal: Pick<Journal, 'submit'>;
  readonly clock: Clock;
  readonly members: Members;
  /** What would be configured if these were stored. */
  readonly compose: (stored: readonly KeptObject[]) => ConfiguredObjects;
  /** Everything that is wrong with that. */
  readonly faultsOf: (objects: ConfiguredObjects) => readonly Fault[];
  /** Takes up what is stored; whether this process could. */
  readonly follow: () => Promise<boolean>;
}

/** What somebody has seen of an object that is to be changed. */
export interface Conditions {
  /** The state that it must be in: its tag, or `*` for any. */
  readonly ifMatch?: string | undefined;
  /** It must not be there yet. */
  readonly ifNoneMatch?: '*' | undefined;
}

/** What is stored after a change, how it is written, and what is told of it. */
interface Change {
  readonly stored: readonly KeptObject[];
  readonly writes: readonly Write[];
  readonly audit: Pick<AuditEntry, 'action' | 'subject' | 'before' | 'after'>;
  /** Whose faults are told by their place within it. */
  readonly path: string;
}

/** Of one kind. More is a program that makes them and forgets them. */
export const OBJECTS_MAX = 500;
const FAULTS_MAX = 50;
/** Another replica's change in between is looked at again; more often than this somebody plays. */
const TRIES = 5;

/**
 * Makes, replaces and removes objects of the store. A change is checked together with everything else that is
 * configured; the object, the version and the entry in the audit log are one commit, which passes only when nobody
 * changed any object in between. Every method throws a Problem for what it refuses.
 */
export class ObjectControl {
  readonly #options: ObjectControlOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ObjectControlOptions) {
    this.#options = options;
  }

  /** Makes an object, or replaces the one with this kind and id. */
  put(kind: ObjectKind, id: string, given: ObjectBody, conditions: Conditions, actor: Actor): Promise<void> {
    return this.#inTurn((seen) => this.#putInto(seen, kind, id, given, conditions), actor);
  }

  remove(kind: ObjectKind, id: string, conditions: Conditions, actor: Actor): Promise<void> {
    return this.#inTurn((seen) => this.#removeFrom(seen, kind, id, conditions), actor);
  }

  /** Has the rules of the store asked in this order, behind those of the file. */
  order(rules: readonly string[], actor: Actor): Promise<void> {
    return this.#inTurn((seen) => reordered(seen, rules), actor);
  }

  /** One change at a time in this process: they would only make each other begin again. */
  #inTurn(decide: (seen: readonly KeptObject[]) => Change, actor: Actor): Promise<void> {
    const turn = this.#last.then(() => this.#change(decide, actor));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #change(decide: (seen: readonly KeptObject[]) => Change, actor: Actor): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      // In this order: what is listed may be newer than the version, and is then refused by the guard.
      const version = await this.#options.objects.version();
      const change = decide(await this.#list());
      this.#refuseFaults(change);
      if (await this.#commit(version, change, actor)) return this.#follow();
    }
    throw new Problem('store_unavailable', 'Others change the configuration at the same time. Try again.', {
      retryAfterSeconds: 1,
    });
  }

  #putInto(
    seen: readonly KeptObject[],
    kind: ObjectKind,
    id: string,
    given: ObjectBody,
    conditions: Conditions,
  ): Change {
    const { members, objects, clock } = this.#options;
    const before = find(seen, kind, id);
    this.#refuseOthers(kind, id);
    insist(conditions, before);
    const ofKind = seen.filter((one) => one.kind === kind);
    if (before === undefined && ofKind.length >= OBJECTS_MAX)
      throw new Problem('conflict', `There are ${OBJECTS_MAX} ${listNames[kind]}. Remove what nobody uses.`);
    const read = members.read(kind, id, given, before?.body);
    if (!read.ok) throw faulty(read.faults);
    const position = before?.position ?? Math.max(-1, ...ofKind.map((one) => one.position)) + 1;
    const after: KeptObject = { kind, id, body: read.body, position, tag: '', updatedAt: clock.now() };
    return {
      stored: before === undefined ? [...seen, after] : seen.map((one) => (one === before ? after : one)),
      writes: [objects.putWrite(after, position)],
      audit: {
        action: `${kind}.${before === undefined ? 'create' : 'change'}`,
        subject: id,
        ...(before === undefined ? {} : { before: members.shown(kind, id, before.body) }),
        after: members.shown(kind, id, after.body),
      },
      path: pathOf(kind, id),
    };
  }

  #removeFrom(seen: readonly KeptObject[], kind: ObjectKind, id: string, conditions: Conditions): Change {
    const { members, compose } = this.#options;
    const before = find(seen, kind, id);
    this.#refuseOthers(kind, id);
    if (before === undefined) throw notFound(kind);
    insist(conditions, before);
    const names = kind === 'target' ? namedBy(id, compose(seen)) : [];
    if (names.length > 0)
      throw new Problem('conflict', `It is named by ${names.join(', ')}: change that first.`, {
        members: { namedBy: names },
      });
    return {
      stored: seen.filter((one) => one !== before),
      writes: [removeWrite(kind, id)],
      audit: { action: `${kind}.delete`, subject: id, before: members.shown(kind, id, before.body) },
      path: pathOf(kind, id),
    };
  }

  /** What the file, the environment or the program itself makes is not the API's to change. */
  #refuseOthers(kind: ObjectKind, id: string): void {
    const ofFile = this.#options.compose([])[listNames[kind]];
    if (ofFile.some((one) => one.id === id))
      throw new Problem('conflict', `This ${kind} is in the config file, or built in: change it there.`);
  }

  #refuseFaults({ stored, path }: Change): void {
    const faults = this.#options.faultsOf(this.#options.compose(stored));
    if (faults.length === 0) return;
    throw faulty(faults.map((fault) => ({ ...fault, path: within(fault.path, path) })));
  }

  async #list(): Promise<readonly KeptObject[]> {
    try {
      return await this.#options.objects.list();
    } catch (error) {
      if (error instanceof SealBroken)
        throw new Problem('conflict', `Nothing was changed: ${error.message}.`);
      throw error;
    }
  }

  async #commit(version: number, { writes, audit }: Change, actor: Actor): Promise<boolean> {
    const entry: AuditEntry = { at: this.#options.clock.now(), actor: actor.id, ...audit };
    const [passed] = await this.#options.journal.submit([
      { guard: countUpWrite(version), writes: [...writes, auditWrite(entry)] },
    ]);
    return passed === true;
  }

  async #follow(): Promise<void> {
    if (await this.#options.follow()) return;
    // It is committed, and this process looks again by itself: whoever asks is told to look again too.
    throw new Problem('store_unavailable', 'The change is stored, and takes effect within seconds.', {
      retryAfterSeconds: 2,
    });
  }
}

const find = (seen: readonly KeptObject[], kind: ObjectKind, id: string): KeptObject | undefined =>
  seen.find((one) => one.kind === kind && one.id === id);

function insist({ ifMatch, ifNoneMatch }: Conditions, found: KeptObject | undefined): void {
  if (ifNoneMatch !== undefined && found !== undefined)
    throw new Problem('precondition_failed', 'It is there already.');
  if (ifMatch === undefined) return;
  const isSo = found !== undefined && (ifMatch === '*' || ifMatch === found.tag);
  if (!isSo)
    throw new Problem(
      'precondition_failed',
      'It was changed since you read it. Read it again, then change it.',
    );
}

function reordered(seen: readonly KeptObject[], wanted: readonly string[]): Change {
  const rules = seen.filter(({ kind }) => kind === 'rule');
  const known = new Set(rules.map(({ id }) => id));
  const isAll = wanted.length === rules.length && new Set(wanted).size === rules.length;
  if (!isAll || wanted.some((id) => !known.has(id)))
    throw new Problem('conflict', 'Name every rule that was made over the API, each once, and no other.', {
      members: { rules: rules.map(({ id }) => id) },
    });
  const placed = rules
    .map((rule) => ({ ...rule, position: wanted.indexOf(rule.id) }))
    .toSorted((a, b) => a.position - b.position);
  return {
    stored: [...seen.filter(({ kind }) => kind !== 'rule'), ...placed],
    writes: placed.map(({ id, position }) => placeWrite('rule', id, position)),
    audit: { action: 'rule.order', subject: 'rules', before: rules.map(({ id }) => id), after: wanted },
    path: 'rules',
  };
}

const pathOf = (kind: ObjectKind, id: string): string => `${listNames[kind]}.${id}`;

/** A path within the object that is changed; another object's is told in full. */
function within(path: string, base: string): string {
  if (path === base) return '';
  return path.startsWith(`${base}.`) ? path.slice(base.length + 1) : path;
}

/** All at once. Paths and messages hold no value. */
export function faulty(faults: readonly Fault[]): Problem {
  const errors = faults.slice(0, FAULTS_MAX).map(({ path, message }) => ({ path, message }));
  return new Problem('config_faulty', 'This has faults. Nothing was changed.', { members: { errors } });
}

export const notFound = (kind: ObjectKind): Problem =>
  new Problem('not_found', `There is no ${kind} with this id.`);
