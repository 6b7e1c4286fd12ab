import { z } from 'zod'
import { flagOf, isFlag } from './arguments.ts'
import type { AnyCommand, OptionShape } from './command.ts'

const WIDTH = 100
const COLUMN = 28

/** The exit codes of all commands. */
export const EXIT_CODES = 'Exit code: 0; 1 if something failed; 2 if the arguments are wrong.'

/** The text that --help prints. */
export function helpOf (command: AnyCommand): string {
  const { name, summary, args, details, examples } = command
  return [
    `${summary}.`,
    `Usage: ${['nanodet', name, args?.usage, '[options]'].filter(Boolean).join(' ')}`,
    optionLines(command.options).join('\n'),
    ...(details === undefined ? [] : [details.trim()]),
    ...(examples ? [`Examples:\n${examples.map(example => `  ${example}`).join('\n')}`] : []),
    EXIT_CODES
  ].join('\n\n') + '\n'
}

function optionLines (options: OptionShape): string[] {
  const lines = Object.entries(options).map(([name, schema]) => {
    const value = isFlag(schema) ? '' : ` ${metaOf(schema).value ?? 'VALUE'}`
    return optionLine(`--${flagOf(name)}${value}`, describe(schema))
  })
  return [...lines, optionLine('--help', 'Print this help')]
}

function optionLine (left: string, help: string): string {
  const indent = ' '.repeat(COLUMN + 2)
  const lines = wrap(help, WIDTH - indent.length)
  const first = left.length < COLUMN ? `  ${left.padEnd(COLUMN)}${lines[0]}` : `  ${left}\n${indent}${lines[0]}`
  return [first, ...lines.slice(1).map(line => `${indent}${line}`)].join('\n')
}

function wrap (text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!
    if (last !== '' && last.length + word.length >= width) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}

function describe (schema: z.ZodType): string {
  const { description = '' } = metaOf(schema)
  const value = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined
  return value === undefined || value === false ? description : `${description} (default ${String(value)})`
}

/** Metadata of a schema, or of the one that it makes optional. */
export function metaOf (schema: z.ZodType): { description?: string, value?: string } {
  const own = schema.meta() as { description?: string, value?: string } | undefined
  if (own?.description !== undefined) return own
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? metaOf(schema.unwrap() as z.ZodType) : {}
}
