import type { CompletedCommand, CompletionModel, ValueKind } from './model.ts';

/** Single quotes: nothing in them is anything to the shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const list = (names: readonly string[]): string => quoted(names.join(' '));

/** For bash 3.2 and later, without the package bash-completion. */
export function bashCompletion({ names, groups, commands }: CompletionModel): string {
  const firsts = names.map(({ name }) => name);
  return `# Completion of tocsin for bash: eval "$(tocsin completion bash)"
_tocsin_offer() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$@")
}

_tocsin() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  local key=\${COMP_WORDS[1]} at=2 members='' options='' args='' values='' place=0 i
  COMPREPLY=()
  # --option=value comes as three words.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if ((COMP_CWORD == 1)); then
    _tocsin_offer -W ${list([...firsts, '--help', '--version'])} -- "$cur"
    return
  fi
  case $key in
${groups.map(({ name, members }) => `    ${quoted(name)}) members=${list(members.map((one) => one.name))} ;;`).join('\n')}
  esac
  if [[ -n $members && $COMP_CWORD -gt 2 && " $members " == *" \${COMP_WORDS[2]} "* ]]; then
    key="$key \${COMP_WORDS[2]}" at=3
  fi
  case $key in
${commands.map(commandCase).join('\n')}
  esac
  case $values in
    :text) return ;;
    :file)
      compopt -o filenames 2>/dev/null
      _tocsin_offer -f -- "$cur"
      return
      ;;
    ?*)
      _tocsin_offer -W "$values" -- "$cur"
      return
      ;;
  esac
  if ((COMP_CWORD == 2)) && [[ -n $members ]]; then
    _tocsin_offer -W "$members" -- "$cur"
  fi
  if [[ $cur == -* || -z $args ]]; then
    _tocsin_offer -W "$options" -- "$cur"
    return
  fi
  # What was typed already and is no option stands for one argument each.
  for ((i = at; i < COMP_CWORD; i++)); do
    [[ \${COMP_WORDS[i]} == -* || \${COMP_WORDS[i]} == '=' || \${COMP_WORDS[i - 1]} == -* || \${COMP_WORDS[i - 1]} == '=' ]] || place=$((place + 1))
  done
  set -- $args
  shift "$place" 2>/dev/null || return
  case \${1-} in
    :file)
      compopt -o filenames 2>/dev/null
      _tocsin_offer -f -- "$cur"
      ;;
    :text | '') ;;
    *) _tocsin_offer -W "\${1//,/ }" -- "$cur" ;;
  esac
}

complete -F _tocsin tocsin
`;
}

function commandCase({ words, options, args }: CompletedCommand): string {
  const values = options.flatMap(({ name, value }) =>
    value === undefined ? [] : [`        ${quoted(name)}) values=${quoted(valueWords(value, ' '))} ;;`],
  );
  return [
    `    ${quoted(words)})`,
    `      options=${list(options.map(({ name }) => name))}`,
    `      args=${list(args.map((arg) => valueWords(arg, ',')))}`,
    ...(values.length === 0 ? [] : ['      case $prev in', ...values, '      esac']),
    '      ;;',
  ].join('\n');
}

const valueWords = (value: ValueKind, between: string): string =>
  value.kind === 'choice' ? value.values.join(between) : `:${value.kind}`;
