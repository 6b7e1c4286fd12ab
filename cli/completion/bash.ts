import { firstWords, type CommandOutline, type OptionOutline, type Outline } from './outline.ts'

/**
 * A completion script for bash: commands, options, and values that can be listed; file names elsewhere. It needs
 * bash 3.2, the version of macOS, and no package.
 */
export function toBash (outline: Outline): string {
  const words = firstWords(outline)
  return `# bash completion for nanodet: source <(nanodet completion bash)
_nanodet () {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} i name= subcommands= options= arguments=
  for ((i = 1; i < COMP_CWORD && i < 3; i++)); do
    case "\${name:+$name }\${COMP_WORDS[i]}" in
${outline.map(({ words }) => `      '${words.join(' ')}') name='${words.join(' ')}' ;;`).join('\n')}
${parents(outline).map(word => `      '${word}') name='${word}' ;;`).join('\n')}
    esac
  done
  case "$name" in
    '') ((COMP_CWORD > 1)) && return; arguments='${words.map(({ word }) => word).join(' ')}' options='--help --version' ;;
${outline.map(commandCase).join('\n')}
  esac
  case "$COMP_CWORD $name" in
${words.filter(({ subcommands }) => subcommands.length > 0).map(({ word, subcommands }) =>
  `    '2 ${word}') arguments="$arguments ${subcommands.join(' ')}" ;;`).join('\n')}
  esac
  case "$name $prev" in
${outline.flatMap(valueCases).join('\n')}
  esac
  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$cur"))
  else COMPREPLY=($(compgen -W "$arguments" -- "$cur"))
  fi
}
complete -o default -F _nanodet nanodet
`
}

/** Words that are no commands themselves: `models`. */
const parents = (outline: Outline): string[] =>
  firstWords(outline).map(({ word }) => word).filter(word => !outline.some(({ words }) => words.join(' ') === word))

function commandCase ({ words, options, choices }: CommandOutline): string {
  const flags = options.map(({ flag }) => `--${flag}`).join(' ')
  return `    '${words.join(' ')}') options='${flags}' arguments='${choices.join(' ')}' ;;`
}

/** After an option with a value: its values, or file names. */
function valueCases ({ words, options }: CommandOutline): string[] {
  const name = words.join(' ')
  return options.filter(({ takesValue }) => takesValue).map(option =>
    `    ${patternsOf(name, option)}) COMPREPLY=($(compgen -W '${option.choices.join(' ')}' -- "$cur")); return ;;`)
}

const patternsOf = (name: string, { flag, short }: OptionOutline): string =>
  [`--${flag}`, ...(short === undefined ? [] : [`-${short}`])].map(option => `'${name} ${option}'`).join(' | ')
