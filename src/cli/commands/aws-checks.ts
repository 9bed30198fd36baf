import { toCheckWire } from '../../aws/api/findings-wire.ts';
import { checkDetailLines, checkTable } from '../aws-check-lines.ts';
import { serviceOption } from '../aws-finding-filter.ts';
import type { CheckDetails } from '../aws-wire.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { jsonOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';

/** Of this version: no service is asked. */
async function knownChecks(): Promise<readonly CheckDetails[]> {
  const { allChecks } = await import('../../aws/checks/index.ts');
  return allChecks.map(toCheckWire);
}

/** `tocsin aws checks`. */
export const checks: Command = {
  name: 'aws checks',
  summary: 'every check that this version has',
  details: ['No service is asked. The severity is that of a failure, unless the failure says its own.'],
  args: [],
  options: [serviceOption, jsonOption],
  variables: [],
  exits: { ok: 'They were shown.' },
  examples: [{ command: 'tocsin aws checks --service s3', note: 'what of buckets is looked at?' }],
  async run(call, { out, terminal }) {
    const service = call.value(serviceOption);
    const known = await knownChecks();
    const wanted = known.filter((one) => service === undefined || one.service === service);
    out(call.value(jsonOption) ? printableJson({ items: wanted }) : checkTable(wanted, terminal).join('\n'));
    return exitCodes.ok;
  },
};

/** `tocsin aws check`. */
export const check: Command = {
  name: 'aws check',
  summary: 'one check: what it asserts, why that matters, how to mend it, and which controls it stands for',
  details: ['No service is asked.'],
  args: [{ name: '<id>', description: 'The check: s3.public-policy.' }],
  options: [jsonOption],
  variables: [],
  exits: { ok: 'It was shown.', failed: 'There is no such check.' },
  examples: [{ command: 'tocsin aws check net.sg-ssh', note: 'what is to be done?' }],
  async run(call, { out, err, terminal }) {
    const [id = ''] = call.args;
    const found = (await knownChecks()).find((one) => one.id === id);
    if (found === undefined) {
      err(printable(`There is no check ${id}: tocsin aws checks lists them.`));
      return exitCodes.failed;
    }
    out(call.value(jsonOption) ? printableJson(found) : checkDetailLines(found, terminal).join('\n'));
    return exitCodes.ok;
  },
};
