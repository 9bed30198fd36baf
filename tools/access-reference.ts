import type { Description, Operation } from './service-description.ts';

const INTRODUCTION = `# Who may call what

This page is made from the description that the service serves, \`/api/v1/openapi.json\`.

Each scope includes those before it: \`read\`, \`operate\`, \`admin\`. \`signed\`: proved by a signature over the body.
\`public\`: anybody, limited per client but for probes. How tokens and sessions work is in
[access.md](../access.md).`;

/** Every route with who may call it, as Markdown. */
export function accessReference({ paths }: Description): string {
  const rows = Object.entries(paths)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => rowOf(method.toUpperCase(), path, operation)),
    );
  return `${INTRODUCTION}\n\n| route | who | what |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

const rowOf = (method: string, path: string, operation: Operation): string =>
  `| \`${method} ${path}\` | ${whoOf(operation)} | ${operation.summary.replaceAll('|', String.raw`\|`)} |`;

function whoOf(operation: Operation): string {
  if (operation['x-scope'] !== undefined) return `\`${operation['x-scope']}\``;
  if (takesAwsSession(operation)) return 'an AWS session, or `read`';
  return isSigned(operation) ? '`signed`' : '`public`';
}

const takesAwsSession = ({ security }: Operation): boolean =>
  security.some((one) => typeof one === 'object' && one !== null && 'awsSession' in one);

/** What can be told that its signature is wrong. */
const isSigned = ({ responses }: Operation): boolean =>
  Object.values(responses).some(({ description }) => description.includes('(`signature_invalid`)'));
