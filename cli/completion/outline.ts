import type { AnyCommand, OptionShape } from '../command.ts'
import type { Catalog } from '../program.ts'
import { choicesOf, flagOf, isFlag, metaOf, SHORT_FLAGS } from '../schemas.ts'

/** An option, as shells complete it. */
export interface OptionOutline {
  readonly flag: string
  readonly short?: string | undefined
  readonly description: string
  readonly takesValue: boolean
  /** All values, if they can be listed. */
  readonly choices: readonly string[]
}

export interface CommandOutline {
  /** `models pull` is two words. */
  readonly words: readonly string[]
  readonly summary: string
  readonly options: readonly OptionOutline[]
  /** Values of the first argument, if they can be listed: `bash|zsh|fish`. */
  readonly choices: readonly string[]
}

/** All commands and options, as shells complete them. */
export type Outline = readonly CommandOutline[]

/** Loads all commands of a catalog, and outlines them. */
export async function outlineOf (catalog: Catalog): Promise<Outline> {
  const commands = await Promise.all(Object.values(catalog).map(({ load }) => load()))
  return [...commands.map(outline), ...helpOf(catalog)]
}

/** `nanodet help` takes the name of a command. */
function helpOf (catalog: Catalog): CommandOutline[] {
  const names = [...new Set(Object.keys(catalog).map(name => name.split(' ')[0]!))]
  return [{ words: ['help'], summary: 'Explain a command', options: [], choices: names }]
}

function outline ({ name, summary, options, args }: AnyCommand): CommandOutline {
  const own = Object.entries(options as OptionShape).map(([name, schema]) => ({
    flag: flagOf(name),
    short: SHORT_FLAGS[flagOf(name)],
    description: metaOf(schema).description ?? '',
    takesValue: !isFlag(schema),
    choices: choicesOf(schema)
  }))
  const help = { flag: 'help', short: SHORT_FLAGS['help'], description: 'Print help', takesValue: false, choices: [] }
  return { words: name.split(' '), summary, options: [...own, help], choices: choicesIn(args?.usage) }
}

const choicesIn = (usage = ''): string[] => /^[a-z]+(\|[a-z]+)+$/.test(usage) ? usage.split('|') : []

/** `models`, with the words that may follow. */
export interface FirstWord { readonly word: string, readonly summary: string, readonly subcommands: readonly string[] }

/** The first words of all commands. */
export function firstWords (outline: Outline): FirstWord[] {
  const words = [...new Set(outline.map(({ words }) => words[0]!))]
  return words.map(word => {
    const own = outline.filter(({ words }) => words[0] === word)
    const subcommands = own.flatMap(({ words }) => words[1] ?? [])
    const itself = own.find(({ words }) => words.length === 1)
    return { word, summary: itself?.summary ?? subcommands.join(', '), subcommands }
  })
}
