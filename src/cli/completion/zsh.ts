import { quoted } from './bash.ts';
import type { CompletedCommand, CompletedOption, CompletionModel, Described, ValueKind } from './model.ts';

/** For zsh, evaluated after `compinit` or as the file `_tocsin` in `$fpath`. */
export function zshCompletion({ names, groups, commands }: CompletionModel): string {
  return `#compdef tocsin
# Completion of tocsin for zsh: eval "$(tocsin completion zsh)"
_tocsin() {
  local key=$words[2] drop=1
  local -a names members
  if (( CURRENT == 2 )); then
    names=(${described(names)})
    _describe -t commands command names
    return
  fi
  case $key in
${groups.map(({ name, members }) => `    (${quoted(name)}) members=(${described(members)}) ;;`).join('\n')}
  esac
  if (( CURRENT == 3 && $#members )) && [[ $words[CURRENT] != -* ]]; then
    _describe -t commands command members
    return
  fi
  if (( \${members[(I)\${(b)words[3]}:*]} )); then
    key="$key $words[3]" drop=2
  fi
  shift $drop words
  (( CURRENT -= drop ))
  case $key in
${commands.map(commandCase).join('\n')}
  esac
}

if [[ $funcstack[1] == _tocsin ]]; then
  _tocsin "$@"
else
  compdef _tocsin tocsin
fi
`;
}

const described = (all: readonly Described[]): string =>
  all.map(({ name, summary }) => quoted(`${name.replaceAll(':', String.raw`\:`)}:${summary}`)).join(' ');

function commandCase({ words, options, args }: CompletedCommand): string {
  const specs = [
    ...options.map(optionSpec),
    ...args.map((arg, index) => quoted(`${index + 1}:argument:${action(arg)}`)),
  ];
  return `    (${quoted(words)}) _arguments ${specs.join(' ')} ;;`;
}

function optionSpec({ name, description, value }: CompletedOption): string {
  const what = description.replaceAll(/[\\[\]:]/g, (char) => `\\${char}`);
  return quoted(
    `${name}${value === undefined ? '' : '='}[${what}]${value === undefined ? '' : `:value:${action(value)}`}`,
  );
}

function action(value: ValueKind): string {
  if (value.kind === 'choice') return `(${value.values.join(' ')})`;
  return value.kind === 'file' ? '_files' : ' ';
}
