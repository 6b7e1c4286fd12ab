import { firstWords, type CommandOutline, type OptionOutline, type Outline } from './outline.ts'

/** A completion script for fish: commands, options, and values that can be listed; file names elsewhere. */
export function toFish (outline: Outline): string {
  return [
    '# fish completion for nanodet: nanodet completion fish > ~/.config/fish/completions/nanodet.fish',
    ...firstWords(outline).flatMap(({ word, summary, subcommands }) => [
      `complete -c nanodet -n __fish_use_subcommand -f -a ${word} -d ${quote(summary)}`,
      ...subcommands.map(second => `complete -c nanodet -n ${quote(`__fish_seen_subcommand_from ${word}`)} -a ${second}`)
    ]),
    'complete -c nanodet -n __fish_use_subcommand -l version -d \'Print the version\'',
    ...outline.flatMap(commandLines),
    ''
  ].join('\n')
}

function commandLines ({ words, options, choices }: CommandOutline): string[] {
  const when = quote(words.map(word => `__fish_seen_subcommand_from ${word}`).join('; and '))
  const line = `complete -c nanodet -n ${when}`
  return [
    ...(choices.length > 0 ? [`${line} -f -a ${quote(choices.join(' '))}`] : []),
    ...options.map(option => `${line} ${optionPart(option)}`)
  ]
}

function optionPart ({ flag, short, description, takesValue, choices }: OptionOutline): string {
  const value = choices.length > 0 ? ` -x -a ${quote(choices.join(' '))}` : takesValue ? ' -r' : ''
  return `-l ${flag}${short === undefined ? '' : ` -s ${short}`}${value} -d ${quote(description)}`
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll('\'', '\\\'')}'`
