import { firstWords, type CommandOutline, type OptionOutline, type Outline } from './outline.ts'

/** A completion script for zsh: commands, options, and values that can be listed; file names elsewhere. */
export function toZsh (outline: Outline): string {
  const words = firstWords(outline)
  return `#compdef nanodet
# zsh completion for nanodet: source <(nanodet completion zsh), after compinit
_nanodet () {
  local -a commands=(
${words.map(({ word, summary }) => `    ${quote(`${word}:${summary}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments '--help[Print help]' '--version[Print the version]'
    return
  fi
  local name=$words[2]
  case "$words[2] $words[3]" in
${outline.filter(({ words }) => words.length === 2).map(({ words }) => words.join(' ')).map(name =>
  `    '${name}') (( CURRENT > 3 )) && name='${name}' ;;`).join('\n')}
  esac
${words.filter(({ subcommands }) => subcommands.length > 0).map(({ word, subcommands }) =>
  `  [[ $CURRENT == 3 && $name == '${word}' ]] && compadd ${subcommands.join(' ')}`).join('\n')}
  case $name in
${outline.map(commandCase).join('\n')}
  esac
}
compdef _nanodet nanodet
`
}

function commandCase ({ words, options, choices }: CommandOutline): string {
  const rest = choices.length > 0 ? `'*:argument:(${choices.join(' ')})'` : '\'*:file:_files\''
  return `    '${words.join(' ')}') _arguments ${[...options.flatMap(optionSpecs), rest].join(' ')} ;;`
}

/** `--format[Help]:value:(npz npy)`, as _arguments reads it. */
function optionSpecs ({ flag, short, description, takesValue, choices }: OptionOutline): string[] {
  const help = `[${description.replaceAll(/[[\]:\\]/g, '\\$&')}]`
  const value = takesValue ? `:value:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}` : ''
  const names = [`--${flag}`, ...(short === undefined ? [] : [`-${short}`])]
  return names.map(name => quote(`${name}${help}${value}`))
}

const quote = (text: string): string => `'${text.replaceAll('\'', '\'\\\'\'')}'`
