import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate, isJsonTemplate, templateRoots } from './template.ts';

describe('compileTemplate', () => {
  it('gives JSON of the same shape for every value', () => {
    const template = '{"a": "<{{v.text}}>", "b": {{json v.any}}, "c": ["{{v.any}}", "{{v.none.of.it}}"]}';
    expect(isJsonTemplate(template)).toBe(true);
    const write = compileTemplate(template, 'json');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (text, any) => {
        const { a, b, c, ...rest } = JSON.parse(write({ v: { text, any } }));
        expect(rest).toEqual({});
        expect(a).toBe(`<${text}>`);
        expect(b).toEqual(JSON.parse(JSON.stringify(any)));
        expect(c).toHaveLength(2);
      }),
    );
  });

  it('fills no placeholder that a value brings along', () => {
    expect(compileTemplate('{{a}}{{b}}', 'text')({ a: '{{b}}', b: '{{a}}' })).toBe('{{b}}{{a}}');
  });

  it('reads own properties of plain data only', () => {
    const write = compileTemplate(
      '{{a.constructor.name}}|{{a.__proto__}}|{{a.length}}|{{b}}|{{json b}}',
      'text',
    );
    expect(write({ a: {} })).toBe('||||null');
  });

  it('keeps a text value on its line', () => {
    expect(compileTemplate('{{a}}\n', 'text')({ a: 'x\r\ny\0' })).toBe('x y\n');
  });
});

describe('isJsonTemplate', () => {
  it.each([
    ['{"a": {{v}}}', false],
    ['{"a": "{{json v}}"}', false],
    ['{"a": "x{{json v}}{{json v}}"}', false],
    ['{{{json v}}: 1}', false],
    ['{"a": "\\{{v}}"}', false],
    ['{"a": "\\u00{{v}}"}', false],
    ['{"a": 1{{json v}}}', false],
    ['{"a": "{{v}}"', false],
    ['{"{{v}}": [{{json v}}]}', true],
    ['{{json v}}', true],
    ['"{{v}}\\"{{v}}"', true],
  ])('of %s is %s', (template, expected) => {
    expect(isJsonTemplate(template)).toBe(expected);
  });
});

describe('templateRoots', () => {
  it('names what is asked for, and tells of braces that are no placeholder', () => {
    expect(templateRoots('{{event.a}} {{ event.b }} {{json delivery.id}} } { {x}')).toEqual([
      'event',
      'delivery',
    ]);
    expect(templateRoots('{{event.a}} {{#if x}}')).toEqual(['event', '{{']);
  });
});
