import { Type, type Static } from 'typebox';
import { idText } from '../kernel/schema.ts';

/**
 * A map of field → condition that hold together. What a condition may look like depends on its field, which a
 * schema can only say in errors nobody understands; `checkRules` says it in words, with a path and a suggestion.
 */
const when = (description: string) =>
  Type.Record(Type.String(), Type.Unknown(), { description, maxProperties: 50 });

/** One rule in the config: which events go to which targets. `checkRules` finds the faults a schema cannot say. */
export const ruleSettings = Type.Object(
  {
    id: idText('Name of the rule. `default` is taken: it stands for the default rule.'),
    description: Type.Optional(Type.String({ maxLength: 500, description: 'What the rule is for.' })),
    when: Type.Optional(
      when('Field → condition; all of them must hold. Empty or absent: the rule takes every event.'),
    ),
    any: Type.Optional(
      Type.Array(when('One alternative: field → condition.'), {
        minItems: 1,
        maxItems: 50,
        description: 'Beside `when`, at least one of these must hold.',
      }),
    ),
    targets: Type.Array(idText('The id of a target.'), {
      maxItems: 100,
      description: 'Where the event goes. An empty list keeps the event and tells nobody.',
    }),
    continue: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Whether the rules below are looked at too after this one took the event.',
      }),
    ),
  },
  { additionalProperties: false },
);

export type RuleSettings = Static<typeof ruleSettings>;
