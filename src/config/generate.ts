import type { AnyDefinition } from './definition.ts';
import { generateExample } from './generate-example.ts';
import { generateReference } from './generate-reference.ts';
import { generateSchema } from './generate-schema.ts';

export interface GeneratedFile {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
}

/** Every file that is made from the definition and kept in the repository. */
export function generateFiles(definition: AnyDefinition): readonly GeneratedFile[] {
  const { name } = definition;
  return [
    { path: `${name}.example.yaml`, text: generateExample(definition) },
    { path: 'docs/reference/settings.md', text: generateReference(definition) },
    { path: `docs/reference/${name}.schema.json`, text: generateSchema(definition) },
  ];
}
