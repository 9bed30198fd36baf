import { performance } from 'node:perf_hooks';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileEvent, internalEvent, sampleEvent, sampleJob } from '../../tests/support/sample-event.ts';
import type { Job } from './target.ts';
import { type Filled, openTemplate, templateFaults } from './template.ts';
import type { TemplateFormat } from './template-engine.ts';

const fill = (template: string, format: TemplateFormat = 'text', job: Job = sampleJob()): Filled =>
  openTemplate(template, format, 'https://tocsin.example')(job);
const textOf = (template: string, format: TemplateFormat = 'text', job: Job = sampleJob()): string => {
  const filled = fill(template, format, job);
  if (!filled.ok) throw new Error(filled.message);
  return filled.text;
};
const faultOf = (template: string, format: TemplateFormat = 'text'): string | undefined =>
  templateFaults('text', template, format)[0]?.message;

describe('a template', () => {
  it('names the event, the delivery, the title and the link', () => {
    const job = sampleJob(sampleEvent(), { attempt: 2 });
    const template =
      '{{ event.severity | upcase }} {{event.title}} by {{ event.subject.name }} ' +
      '{{ event.occurredAt }} {{ event.occurredAt | date: "%H:%M" }} {{ delivery.id }}#{{ delivery.attempt }} ' +
      '{{ subject }} {{ link }} {{ event.none }}{{ event.labels.environment }}';
    expect(textOf(template, 'text', job)).toBe(
      `HIGH ${job.event.title} by Demo app 2026-01-31T12:00:00.250Z 12:00 ${job.deliveryId}#2 ` +
        `[high] ${job.event.title} https://tocsin.example/events/${job.event.id} production`,
    );
  });

  it('has conditions, cases and loops', () => {
    const template =
      '{% if event.internalAlert %}ours{% else %}theirs{% endif %}' +
      '{% case event.severity %}{% when "high" %}!{% endcase %}' +
      '{% for label in event.labels %} {{ label[0] }}={{ label[1] }}{% endfor %}' +
      '{% for one in event.observables %}{% if one.kind == "ip" %} {{ one.value }}{% endif %}{% endfor %}';
    expect(textOf(template)).toBe(
      'theirs! environment=production account.email=jeff45@harrell.com 135.96.171.118',
    );
    expect(textOf(template, 'text', sampleJob(internalEvent()))).toMatch(/^ours!/);
  });

  it('keeps a text value on its line, and its own lines', () => {
    const text = textOf(
      'a {{ event.title }}\nb {{ event.labels | json }}',
      'text',
      sampleJob(hostileEvent()),
    );
    expect(text.split('\n')).toHaveLength(2);
    expect(text).not.toMatch(/[\0\r\u2028\u202e]/);
  });

  it('fills in nothing that a value brings along', () => {
    const event = sampleEvent({ title: '{{ event.id }}{% if x %}' });
    expect(textOf('{{ event.title }}', 'text', sampleJob(event))).toBe('{{ event.id }}{% if x %}');
  });

  it('gives JSON of the same shape for every event', () => {
    const template =
      '{"a": "<{{ event.title }}>", "b": {{ event.labels | json }}, "c": ["{{ event.labels }}", ' +
      '"{{ event.subject.none }}"{% for o in event.observables %}, "{{ o.value }}"{% endfor %}]}';
    expect(faultOf(template, 'json')).toBeUndefined();
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.dictionary(fc.string(), fc.string()),
        fc.array(fc.string(), { maxLength: 5 }),
        (title, labels, values) => {
          const observables = values.map((value) => ({ kind: 'ip' as const, value }));
          const text = textOf(template, 'json', sampleJob(sampleEvent({ title, labels, observables })));
          const { a, b, c, ...rest } = JSON.parse(text);
          expect(rest).toEqual({});
          expect(a).toBe(`<${title}>`);
          expect(b).toEqual(JSON.parse(JSON.stringify(labels)));
          expect(c.slice(2)).toEqual(values);
        },
      ),
    );
  });

  it('refuses at the time of the event what only some events keep JSON', () => {
    const template = '{"a": {% if event.severity == "low" %}{{ event.title }}{% else %}1{% endif %}}';
    expect(faultOf(template, 'json')).toBeUndefined();
    expect(textOf(template, 'json')).toBe('{"a": 1}');
    const forged = sampleEvent({ severity: 'low', title: '1, "admin": true' });
    expect(fill(template, 'json', sampleJob(forged))).toMatchObject({ ok: false });
  });

  it('is given the start of a notification, not all of it', () => {
    const event = sampleEvent({ payload: 'x'.repeat(1_000_000) });
    expect(textOf('"{{ event.payload }}"', 'json', sampleJob(event))).toHaveLength(32_770);
  });
});

describe('templateFaults', () => {
  it.each([
    ['{"a": {{ event.title }}}', 'must give JSON'],
    ['{"a": "{{ event.title | json }}"}', 'must give JSON'],
    ['{"a": "x{{ event.title | json }}{{ event.title | json }}"}', 'must give JSON'],
    ['{{{ event.title | json }}: 1}', undefined],
    ['{"a": "\\{{ event.title }}"}', 'must give JSON'],
    ['{"a": "\\u00{{ event.title }}"}', 'must give JSON'],
    ['{"a": 1{{ event.labels | json }}}', 'must give JSON'],
    ['{"a": "{{ event.title }}"', 'must give JSON'],
    ['[{% for o in event.observables %}"{{ o.value }}",{% endfor %}]', 'must give JSON'],
    ['{"a": {% if event.link %}"{{ event.link }}"{% endif %}}', 'must give JSON'],
    ['{"a": "{{ event.title | json | upcase }}"}', undefined],
    ['{"{{ event.title }}": [{{ event.labels | json }}]}', undefined],
    ['{{ event | json }}', undefined],
    ['"{{ event.title }}\\"{{ event.title }}"', undefined],
  ])('of the JSON template %s: %s', (template, fault) => {
    const found = faultOf(template, 'json');
    if (template.startsWith('{{{')) expect(found).toContain('line 1');
    else if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });

  it.each([
    ['{{ event.titel }}', 'in line 1, column 4, names what event has not; did you mean "title"?'],
    ['\n  {{ evnt.title }}', 'in line 2, column 6, names what there is not: a name begins with event,'],
    ['{{ process.env.hush }}', 'names what there is not'],
    [
      '{{ event.title | upcsae }}',
      'in line 1, column 1, names no filter that there is; did you mean "upcase"?',
    ],
    ['{{ event.title', 'in line 1, column 1, opens something that is not closed'],
    ['{% if event.title %}x', 'in line 1, column 1, opens something that is not closed'],
    ['{% esle %}', 'has a tag that there is not'],
    ['a\nb {{ | hush }}', 'in line 2, column 6, is no Liquid'],
    ['{% for x in (1..100000000) %}hush{% endfor %}', 'cannot be filled in with a big event'],
  ])('tells of %j where it is: %s', (template, fault) => {
    const found = faultOf(template);
    expect(found).toContain(fault);
    expect(found).not.toContain('hush');
  });

  it('takes what stays within its limits with the biggest of events', () => {
    const template = '{% for l in event.labels %}{{ l[0] }}: {{ l[1] }}\n{% endfor %}{{ event | json }}';
    expect(faultOf(template)).toBeUndefined();
    expect(faultOf('{{ event | json }}', 'json')).toBeUndefined();
  });
});

describe('a hostile template', () => {
  it.each([
    '{% include "/etc/passwd" %}',
    '{% render "/etc/passwd" %}',
    '{% layout "/etc/passwd" %}',
    '{% liquid echo event.title %}',
    '{% capture x %}{{ event.title }}{% endcapture %}',
    '{% tablerow x in (1..3) %}{% endtablerow %}',
    '{% constructor %}',
    '{% __proto__ %}',
    '{{ event.title | raw }}',
    '{{ event.title | valueOf }}',
    '{{ event.title | constructor }}',
    '{{ event.title | __defineGetter__: "x" }}',
    '{{ event.title | where_exp: "x", "true" }}',
    '{{ event.title | inspect }}',
    '{{ constructor }}',
    '{{ __proto__.polluted }}',
  ])('is refused: %s', (template) => {
    expect(faultOf(template)).toMatch(/no filter|a tag that there is not|no Liquid|what there is not/);
  });

  it('reaches nothing but own data', () => {
    const names = ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__'];
    for (const name of names) {
      for (const holder of ['event.labels', 'event.observables', 'event.title', 'event.subject', 'event']) {
        expect(textOf(`{{ ${holder}["${name}"] }}{{ ${holder}.${name}.name }}`)).toBe('');
        expect(textOf(`{{ event.observables | map: "${name}" | join }}`).trim()).toBe('');
      }
    }
    expect(textOf('{% assign __proto__ = event %}{{ title }}{{ event.labels.title }}')).toBe('');
    expect(Object.prototype).not.toHaveProperty('title');
    const own = sampleEvent({ labels: JSON.parse('{"__proto__": "own", "constructor": "own"}') });
    expect(textOf('{{ event.labels.constructor }}', 'text', sampleJob(own))).toBe('own');
  });

  const big = sampleJob(
    sampleEvent({
      payload: 'ab "<'.repeat(400_000),
      labels: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`l${i}`, 'x'.repeat(500)])),
      observables: Array.from({ length: 100 }, () => ({ kind: 'url' as const, value: 'y"'.repeat(1_024) })),
    }),
  );
  const each = (body: string): string => `{% for o in event.observables %}${body}{% endfor %}`;
  const attacks = {
    'a huge range': '{% for x in (1..100000000) %}a{% endfor %}',
    'a huge range from nothing': '{% assign a = (1..100000000) %}{{ a | size }}',
    'nested loops': each(each(each(each('{{ o.value }}')))),
    'empty nested loops': each(each(each(each('')))),
    'a range as long as may be': '{% assign a = (1..149000) %}{{ a | size }}{{ a | last }}{{ a }}',
    'sorting a range': '{% assign a = (1..140000) %}{% assign b = a | reverse | sort %}{{ b | size }}',
    'an append bomb': `{% assign a = event.payload %}${'{% assign a = a | append: a %}'.repeat(40)}{{ a }}`,
    'a concat bomb': `{% assign a = event.observables %}${'{% assign a = a | concat: a %}'.repeat(40)}{{ a | size }}`,
    'a replace bomb': '{{ event.payload | replace: "a", event.payload | replace: "b", event.payload }}',
    'a split and join bomb': '{% assign a = event.payload | split: "" %}{{ a | join: event.payload }}',
    'many dates': each(each('{{ event.receivedAt | date: "%A %d %B %Y %H:%M:%S" }}')),
    'many branches': each(each(`{% case 1 %}${'{% when 2 %}'.repeat(1_000)}{% endcase %}`)),
    'many values': each(each('{{ event }}')),
    'a wide date': '{{ "now" | date: "%1000000000d%999999999Y" }}',
    'sorting again and again': `{% assign a = event.payload | split: "" %}${'{% assign a = a | sort | reverse | uniq %}'.repeat(50)}`,
    'a long output': each(each('{{ event.payload }}')),
    'long literals in loops': each(each('x'.repeat(10_000))),
    'JSON again and again': each('{{ event | json }}'),
    'JSON that is not written': each('{% assign a = event | json | upcase %}'),
    'a long condition': each(
      each(`{% if ${Array.from({ length: 1_500 }, () => 'event.a').join(' or ')} %}{% endif %}`),
    ),
    'a deep nest': '{% if event %}'.repeat(700) + '{% endif %}'.repeat(700),
    'many parts': '{{ event.title }}'.repeat(900),
    'case upon case': each('{{ event.payload | upcase | downcase | upcase | capitalize | squish | strip }}'),
    'truncating to nothing': each('{{ event.payload | truncatewords: 1 | size }}'),
  };

  it.each(Object.entries(attacks))('takes no more than a moment: %s', (_name, template) => {
    expect(template.length).toBeLessThanOrEqual(20_000);
    const write = openTemplate(template, 'json', 'https://tocsin.example');
    const times = Array.from({ length: 15 }, () => {
      const started = performance.now();
      const filled = write(big);
      if (filled.ok) expect(filled.text.length).toBeLessThanOrEqual(524_288);
      return performance.now() - started;
    });
    // Some ms each where nothing else runs. The middle one: another process may hold up any of them.
    expect(times.toSorted((a, b) => a - b)[7]).toBeLessThan(25);
  });
});
