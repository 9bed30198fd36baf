import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, parseDocument } from 'yaml';
import { definition } from '../../src/app/settings.ts';
import { knownVariables } from '../../src/config/environment-warnings.ts';
import { root } from '../support/dockerfile.ts';

/** Read by AWS's own library, with whether the value is a secret. */
const awsVariables: Readonly<Record<string, boolean>> = {
  AWS_ACCESS_KEY_ID: true,
  AWS_SECRET_ACCESS_KEY: true,
  AWS_SESSION_TOKEN: true,
  AWS_SHARED_CREDENTIALS_FILE: false,
};

/** Every environment variable that the service reads, those that it takes note of only included. */
export const settingsVariables: readonly string[] = [
  ...knownVariables(definition),
  ...Object.keys(awsVariables),
  ...Object.keys(definition.unusedEnv).flatMap((name) => [name, `${name}_FILE`]),
];

/** A variable whose value nobody else may know: it must come from a file. */
export const isSecretName = (name: string): boolean =>
  awsVariables[name] === true || (settingsVariables.includes(`${name}_FILE`) && !name.endsWith('_FILE'));

/** A full version or a digest, never a tag that moves with every release. */
export const PINNED = /^[\w./-]+(:\d+\.\d+[\w.-]*|@sha256:[0-9a-f]{64})$/;

/** Longest that the service takes to end: connections five seconds, attempts ten. */
export const STOP_SECONDS = 15;

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The version that images and manifests must name. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(textOf('package.json'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}

/** One YAML document, merge keys filled in; fails on what is no YAML. */
export function yamlOf(path: string): unknown {
  const document = parseDocument(textOf(path), { merge: true, strict: true });
  if (document.errors.length > 0) throw new SyntaxError(`${path}: ${document.errors.join('\n')}`);
  return document.toJS();
}

/** Every YAML document of a file. */
export function manifestsOf(path: string): unknown[] {
  return [...parseAllDocuments(textOf(path))].map((document) => {
    if (document.errors.length > 0) throw new SyntaxError(`${path}: ${document.errors.join('\n')}`);
    return document.toJS();
  });
}

/** The members of an object in YAML or JSON; none when it is something else. */
export const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** Texts of a list; none when it is something else. */
export const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
