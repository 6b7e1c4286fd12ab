import type { z } from 'zod'
import type { AnyCommand, OptionShape } from './command.ts'
import { defaultOf, flagOf, isFlag, isRequired, metaOf, SHORT_FLAGS } from './schemas.ts'

const WIDTH = 100
const COLUMN = 30

/** Exit codes of all commands. */
export const EXIT_CODES =
  'Exit code: 0; 1 if something failed; 2 if the arguments are wrong; 130 on SIGINT, 143 on SIGTERM.'

/** The text that --help prints. */
export function helpOf (command: AnyCommand): string {
  const { name, summary, args, details, examples } = command
  return [
    `${summary}.`,
    `Usage: ${['nanodet', name, args?.usage, ...requiredOptions(command.options), '[options]'].filter(Boolean).join(' ')}`,
    optionLines(command.options).join('\n'),
    ...(details ?? '').trim().split('\n\n').filter(Boolean).map(paragraph => wrap(paragraph, WIDTH).join('\n')),
    ...(examples ? [`Examples:\n${examples.map(example => `  ${example}`).join('\n')}`] : []),
    wrap(command.exitCodes ?? EXIT_CODES, WIDTH).join('\n')
  ].join('\n\n') + '\n'
}

const requiredOptions = (options: OptionShape): string[] =>
  Object.entries(options).flatMap(([name, schema]) => isRequired(schema) ? `--${flagOf(name)}${valueOf(schema)}` : [])

function optionLines (options: OptionShape): string[] {
  const lines = Object.entries(options).map(([name, schema]) => optionLine(flagOf(name), valueOf(schema), describe(schema)))
  return [...lines, optionLine('help', '', 'Print this help')]
}

const valueOf = (schema: z.ZodType): string => isFlag(schema) ? '' : ` ${metaOf(schema).value ?? 'VALUE'}`

function optionLine (flag: string, value: string, help: string): string {
  const short = SHORT_FLAGS[flag]
  const left = `${short === undefined ? '    ' : `-${short}, `}--${flag}${value}`
  const indent = ' '.repeat(COLUMN + 2)
  const lines = wrap(help, WIDTH - indent.length)
  const first = left.length < COLUMN ? `  ${left.padEnd(COLUMN)}${lines[0]}` : `  ${left}\n${indent}${lines[0]}`
  return [first, ...lines.slice(1).map(line => `${indent}${line}`)].join('\n')
}

/** Lines of a paragraph; line breaks in it stay. */
const wrap = (text: string, width: number): string[] => text.split('\n').flatMap(line => wrapLine(line, width))

function wrapLine (text: string, width: number): string[] {
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
  const value = defaultOf(schema)
  return value === undefined || value === false ? description : `${description} (default ${String(value)})`
}
