import type { Fault } from '../kernel/fault.ts';
import { defaultTargetSettings } from '../targets/open-target.ts';
import type { Members } from './members.ts';
import type { KeptObject } from './object-store.ts';
import type { ConfiguredObjects, TargetObject } from './objects.ts';

/** Members as a test writes them: `faulty` stands for a fault, and `secret` is masked. */
export const testMembers: Members = {
  read: (_kind, _id, given) =>
    given['faulty'] === true
      ? { ok: false, faults: [{ path: 'faulty', message: 'must not be' }] }
      : { ok: true, body: given },
  shown: (_kind, _id, body) => (body['secret'] === undefined ? body : { ...body, secret: '[secret]' }),
  settingsOf: () => ({}),
};

const fileTarget: TargetObject = {
  id: 'log',
  kind: 'log',
  settings: {},
  common: { ...defaultTargetSettings },
  origin: 'file',
};

/** One target in the file, and what is stored. */
export const composed = (stored: readonly KeptObject[]): ConfiguredObjects => ({
  sources: [],
  targets: [
    fileTarget,
    ...stored
      .filter(({ kind }) => kind === 'target')
      .map(({ id, body }): TargetObject => ({
        ...fileTarget,
        id,
        origin: 'store',
        common: { ...defaultTargetSettings, ...fallbackOf(body) },
      })),
  ],
  rules: stored
    .filter(({ kind }) => kind === 'rule')
    .map(({ id, body }) => ({ id, targets: textsIn(body['targets']), origin: 'store' })),
  defaultTargets: ['log'],
  admins: ['log'],
  ownApplication: {},
});

const fallbackOf = ({ fallback }: KeptObject['body']) => (typeof fallback === 'string' ? { fallback } : {});
const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export const pathsOf = (faults: unknown): string[] =>
  Array.isArray(faults) ? faults.map(({ path }: Fault) => path) : [];
