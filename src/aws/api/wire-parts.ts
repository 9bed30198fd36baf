import { Type, type TSchema } from 'typebox';
import { instant, nullable, oneOf } from '../../kernel/schema.ts';
import { failureKinds } from '../inventory/reading.ts';

/** Why a member is null, or a list is not whole. */
export const unreadableWire = Type.Object({
  member: Type.String({
    description:
      'Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing.',
  }),
  action: Type.String({ description: 'What IAM calls the read that failed: `ecs:ListServices`.' }),
  region: Type.String({ description: '`global` for what has no region.' }),
  reason: oneOf(failureKinds),
});

/** On everything that can have members that could not be read; absent: nothing is missing. */
export const unreadable = { unreadable: Type.Optional(Type.Array(unreadableWire)) };

/** A list: the contracted member, what is missing of it, and the page. */
export const listOf = <const Name extends string, const Item extends TSchema>(name: Name, item: Item) =>
  Type.Object({
    ...named(name, Type.Array(item)),
    ...unreadable,
    total: Type.Integer({ minimum: 0, description: 'How many match, over all pages.' }),
    next_cursor: nullable(Type.String({ description: 'For the next page; null on the last one.' })),
  });

/** An object type's member by a name that is only known to its caller. */
const named = <const Name extends string, Item extends TSchema>(name: Name, item: Item) =>
  ({ [name]: item }) as { readonly [Key in Name]: Item };

export const count = (description?: string) =>
  Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });

/** How many there are of each. */
export const counts = (description: string) => Type.Record(Type.String(), count(), { description });

/** Where it is, and what its tag "Name" calls it. */
export const placeAndName = {
  region: Type.String(),
  name: nullable(Type.String({ description: 'Its tag "Name".' })),
};

export const tagsWire = Type.Record(Type.String(), Type.String());

/** Ascending by time; periods without data are left out. */
export const seriesWire = Type.Array(
  Type.Object({ timestamp: instant('Where its period begins.'), value: Type.Number() }),
);

/** The window that figures are of, as it was asked for in the end. */
export const windowWire = {
  period: count('Seconds; longer than asked for where AWS keeps no finer figures.'),
  start_time: instant(),
  end_time: instant(),
};
