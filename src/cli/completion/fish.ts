import type { CompletedCommand, CompletedOption, CompletionModel, Described, ValueKind } from './model.ts';

/** In single quotes only the quote and the backslash mean anything. */
const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, (char) => `\\${char}`)}'`;

/** For fish, evaluated or as the file `completions/tocsin.fish`. */
export function fishCompletion({ names, groups, commands }: CompletionModel): string {
  const pairs = groups.flatMap(({ name, members }) => members.map((member) => `${name} ${member.name}`));
  return `# Completion of tocsin for fish: tocsin completion fish | source
function __tocsin_is
  set -l typed (commandline -opc)
  set -l key "$typed[2]"
  if contains -- "$typed[2] $typed[3]" ${pairs.map(quoted).join(' ')}
    set key "$typed[2] $typed[3]"
  end
  test "$key" = "$argv"
end

function __tocsin_at
  test (count (commandline -opc)) -eq $argv[1]
end

complete -c tocsin -e
complete -c tocsin -f
complete -c tocsin -n '__tocsin_at 1' -l version -d 'Show the version.'
complete -c tocsin -n '__tocsin_at 1' -l help -d 'Say what there is.'
${names.map((one) => wordLine('__tocsin_at 1', one)).join('\n')}
${groups
  .flatMap(({ name, members }) =>
    members.map((one) => wordLine(`__tocsin_at 2; and __tocsin_is ${name}`, one)),
  )
  .join('\n')}
${commands.flatMap(commandLines).join('\n')}
`;
}

const wordLine = (when: string, { name, summary }: Described): string =>
  `complete -c tocsin -n ${quoted(when)} -a ${quoted(name)} -d ${quoted(summary)}`;

function commandLines({ words, options, args }: CompletedCommand): readonly string[] {
  const when = quoted(`__tocsin_is ${words}`);
  const choices = args.flatMap((arg) => (arg.kind === 'choice' ? arg.values : []));
  return [
    ...options.map((option) => `complete -c tocsin -n ${when} ${optionPart(option)}`),
    ...(args.some(({ kind }) => kind === 'file') ? [`complete -c tocsin -n ${when} -F`] : []),
    ...(choices.length === 0 ? [] : [`complete -c tocsin -n ${when} -a ${quoted(choices.join(' '))}`]),
  ];
}

const optionPart = ({ name, description, value }: CompletedOption): string =>
  `-l ${name.slice(2)}${value === undefined ? '' : valuePart(value)} -d ${quoted(description)}`;

function valuePart(value: ValueKind): string {
  if (value.kind === 'choice') return ` -x -a ${quoted(value.values.join(' '))}`;
  return value.kind === 'file' ? ' -r -F' : ' -x';
}
