import { Type } from 'typebox';
import { duration, idText, oneOf, type Static } from '../../kernel/schema.ts';
import { backlogs } from './feed.ts';

/** A member of a record. */
const member = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 100, description }));

const TYPE_PATTERN = '^[a-z0-9][a-z0-9_-]{0,62}$';

/** What every feed has beside its kind's own settings. */
export const feedSettings = Type.Object({
  types: Type.Optional(
    Type.Array(
      Type.Object(
        {
          type: Type.String({
            pattern: TYPE_PATTERN,
            expected: 'lower-case letters, digits, - and _',
            description: "The type's name: of its list at the feed, and in the event's type.",
          }),
          employee: member("The member that holds an employee's integer id."),
          address: member('The member that holds an address, which is looked up among the identities.'),
          either: member("The member that holds either: an integer is an employee's id, a text an address."),
          source: member("The member that holds the other side's address: never looked up."),
        },
        { additionalProperties: false },
      ),
      {
        minItems: 1,
        maxItems: 100,
        description:
          'What is listed, and which member of a record names its employee: one of `employee`, `address` and `either`. Absent: the seven types of Elevate.',
      },
    ),
  ),
  identitiesOf: Type.Optional(
    idText('The feed whose identities addresses are looked up among. Absent: its own.'),
  ),
  backlog: oneOf(backlogs, {
    default: 'summary',
    description:
      "What is told of a type's first list, which was there before anybody asked: one event for all, or an event for each.",
  }),
  staleAfter: Type.Optional(
    duration({
      description:
        'Without a good answer for so long a list counts as stale, and people are told. Absent: five times `every`, and 60s at least.',
    }),
  ),
});
export type FeedSettings = Static<typeof feedSettings>;

/** Of feeds whose records name their type themselves. */
export const typeField = Type.String({
  minLength: 1,
  maxLength: 100,
  default: 'type',
  description: "The member that names a record's type.",
});
