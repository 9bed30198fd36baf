import fc from 'fast-check';
import { at } from '../support/ask.ts';

/** Texts that the patterns of settings take, and that their checks look into. */
const texts = [
  'a', 'https://example.com/x', 'http://127.0.0.1:1/{{ event.id }}', 'nats://h:4222', 'amqps://u:p@h/v', 'a@example.com',
  'Tocsin <a@example.com>', '+33612345678', 'AC00000000000000000000000000000000', '#room', '!room:example.com', '123456',
  '-1001234567890', 'eu-west-1', 'bucket-name', 'arn:aws:sns:eu-west-1:123456789012:alerts', 'a.b.c', 'a.*.>', '/pointer/~1x',
  '/~2', '{{ event.title }}', '{{ event.title', '{% for %}', 'whsec_x', `whsec_${'A'.repeat(44)}`, 'x'.repeat(40), 'b'.repeat(32), '10s', 'X-Name',
  'Host', 'é', '(a+)+$', '__proto__', 'constructor',
]; // prettier-ignore

/** Values that a JSON Schema mostly takes: of the right types, with texts from a list. */
export function fitting(schema: unknown): fc.Arbitrary<unknown> {
  const choices = at(schema, 'anyOf');
  if (Array.isArray(choices)) return fc.oneof(...choices.map((one) => fitting(one)));
  const [fixed, listed] = [at(schema, 'const'), at(schema, 'enum')];
  if (fixed !== undefined) return fc.constant(fixed);
  if (Array.isArray(listed)) return fc.constantFrom<unknown>(...listed);
  switch (at(schema, 'type')) {
    case 'string':
      return textFor(schema);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({
        min: Number(at(schema, 'minimum') ?? 0),
        max: Number(at(schema, 'maximum') ?? 1_000),
      });
    case 'array':
      return fc.array(fitting(at(schema, 'items')), { minLength: 1, maxLength: 3 });
    case 'object':
      return objectOf(schema);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function textFor(schema: unknown): fc.Arbitrary<string> {
  const pattern = new RegExp(String(at(schema, 'pattern') ?? ''), 'u');
  const [least, most] = [Number(at(schema, 'minLength') ?? 0), Number(at(schema, 'maxLength') ?? Infinity)];
  const taken = texts.filter((text) => text.length >= least && text.length <= most && pattern.test(text));
  const chance = fc.string({ maxLength: 20 });
  if (taken.length === 0) return chance;
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...taken) }, { weight: 1, arbitrary: chance });
}

function objectOf(schema: unknown): fc.Arbitrary<unknown> {
  const members = Object.entries(at(schema, 'properties') ?? {});
  const [values] = Object.values(at(schema, 'patternProperties') ?? {});
  if (members.length === 0)
    return fc.dictionary(fc.constantFrom(...texts), fitting(values), {
      maxKeys: 4,
      noNullPrototype: true,
    });
  const required = at(schema, 'required');
  const requiredKeys = Array.isArray(required) ? required.map(String) : [];
  const record = Object.fromEntries(members.map(([name, one]) => [name, fitting(one)]));
  // What has a default is required of the completed settings, and may be left out here.
  const needed = requiredKeys.filter((name) => at(schema, 'properties', name, 'default') === undefined);
  return fc.record(record, { requiredKeys: needed, noNullPrototype: true });
}
