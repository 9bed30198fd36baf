import { didYouMean } from '../kernel/did-you-mean.ts';
import type { Fault } from '../kernel/fault.ts';
import type { Job } from './target.ts';
import { fieldNames, rootNames, templateData, trialData } from './template-data.ts';
import { compileTemplate, placeOf, type CompiledTemplate, type TemplateFormat } from './template-engine.ts';

export type Filled =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };
export type FillTemplate = (job: Job) => Filled;

/**
 * A template (Liquid: values, conditions, loops; no files, no HTML), ready to be filled with deliveries. In `json`
 * every value is escaped for the inside of a JSON string, and `{{ event.labels | json }}` is a value of its own;
 * in `text` a value is one harmless line. What is not there is empty. It takes at most a few ms, whatever the
 * template and the event; one that takes more fails. Throws TypeError for a text that `templateFaults` refuses.
 */
export function openTemplate(text: string, format: TemplateFormat, publicUrl: string): FillTemplate {
  const compiled = compileTemplate(text, format);
  if (!compiled.ok) throw new TypeError(`not a template: ${compiled.message}`);
  const { template } = compiled;
  return (job) => {
    const rendering = template.render(templateData(job, publicUrl));
    if (!rendering.ok) return rendering;
    if (format === 'json' && !isJson(rendering.masked)) return { ok: false, message: NO_JSON };
    return { ok: true, text: rendering.text };
  };
}

/** What is wrong with a template, with its place; tried on the most and the least that an event can hold. */
export function templateFaults(path: string, text: string, format: TemplateFormat): readonly Fault[] {
  const compiled = compileTemplate(text, format);
  const message = compiled.ok
    ? (nameFault(compiled.template) ?? trialFault(compiled.template, format))
    : compiled.message;
  return message === undefined ? [] : [{ path, message }];
}

function nameFault({ globals }: CompiledTemplate): string | undefined {
  for (const variable of Object.values(globals).flat()) {
    const [root, field] = variable.segments;
    const place = placeOf(variable.location.row, variable.location.col);
    if (typeof root !== 'string' || !rootNames.includes(root))
      return `${place} names what there is not: a name begins with ${rootNames.join(', ')}`;
    const fields = fieldNames[root];
    if (fields && typeof field === 'string' && !fields.includes(field)) {
      const meant = didYouMean(field, fields);
      return `${place} names what ${root} has not${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
    }
  }
  return undefined;
}

const NO_JSON = 'must give JSON: put {{ … }} inside quotes, {{ … | json }} outside';

function trialFault(template: CompiledTemplate, format: TemplateFormat): string | undefined {
  for (const data of trialData) {
    const rendering = template.render(data);
    if (!rendering.ok)
      return 'cannot be filled in with a big event: it takes too long, gets too long, or fails';
    if (format === 'json' && !isJson(rendering.masked)) return NO_JSON;
  }
  return undefined;
}

/**
 * Whether a text is JSON whatever its values are, given it with its values masked: a bare x is JSON nowhere but in
 * a string; `["x"]` stands where any value may, but in no string and for no key.
 */
function isJson(masked: string): boolean {
  try {
    JSON.parse(masked);
    return true;
  } catch {
    // The one failure of JSON.parse is the answer.
    return false;
  }
}
