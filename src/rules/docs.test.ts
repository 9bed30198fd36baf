import { readFileSync } from 'node:fs';
import { Check } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Type } from 'typebox';
import { checkRules } from './check.ts';
import { compileRules } from './compile.ts';
import { operators } from './condition.ts';
import { readEventFile } from './event-file.ts';
import { fieldNames } from './field.ts';
import { ruleSettings } from './schema.ts';

const page = readFileSync(new URL('../../../docs/rules.md', import.meta.url), 'utf8');
const config = Type.Object({ rules: Type.Array(ruleSettings) });

const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => match[1] ?? '');

function rulesIn(block: string) {
  const value: unknown = parse(block);
  if (!Check(config, value)) throw new TypeError('the block is no list of rules');
  return value.rules;
}

const targetIds = ['log', 'mail', 'on-call', 'security-mail'];

function example() {
  const event = readEventFile(JSON.parse(blocks('json')[0] ?? ''));
  if (Array.isArray(event)) throw new TypeError(JSON.stringify(event));
  return event;
}

describe('docs/rules.md', () => {
  it('has examples', () => {
    expect(blocks('yaml').length).toBeGreaterThanOrEqual(2);
  });

  it.each(blocks('yaml'))('has only examples without faults (%#)', (block) => {
    expect(checkRules(rulesIn(block), { targetIds })).toEqual([]);
  });

  it('has an event that the rules take as the page says', () => {
    const targets = blocks('yaml').map(
      (block) => compileRules(rulesIn(block), { defaultTargets: ['log'] }).decide(example()).targets,
    );
    expect(targets).toEqual([['log', 'on-call', 'mail'], ['security-mail']]);
  });

  it('names every field and every operator', () => {
    for (const name of fieldNames) expect(page).toContain(`\`${name}\``);
    for (const name of operators) expect(page).toMatch(new RegExp(`\\{ ${name}: `));
  });

  it('quotes a fault as it is told', () => {
    const [fault] = checkRules([{ id: 'r', when: { severty: 'high' }, targets: [] }], { targetIds });
    expect(page).toContain(fault?.message);
  });
});
