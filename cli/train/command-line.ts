import type { OptionShape } from '../command.ts'
import { defaultOf, flagOf, isFlag } from '../schemas.ts'

/** A command with the options that are not as by default, as a shell takes it. */
export function commandLine (name: string, shape: OptionShape, options: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(shape).flatMap(([key, schema]) => {
    const value = options[key]
    if (value === undefined || String(value) === String(defaultOf(schema))) return []
    return isFlag(schema) ? [`--${flagOf(key)}`] : [`--${flagOf(key)}`, quoted(String(value))]
  })
  return ['nanodet', name, ...words].join(' ')
}

const quoted = (word: string): string => /^[\w./:=,+@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
