/** Building blocks of command options: zod schemas whose description and `value` placeholder make the help text. */
import { z } from 'zod'
import { listOf } from '../models/names.ts'

/** A switch: absent means false. */
export const flag = (help: string) => z.boolean().default(false).describe(help)

/** Any non-empty text. @param value placeholder in the help text: FILE, NAME */
export const text = (value: string, help: string) =>
  z.string('expected a value').min(1, 'expected a value').meta({ value, description: help })

/** One of several words. */
export const choice = <const T extends readonly [string, ...string[]]>(choices: T, help: string) =>
  z.enum(choices, { error: `expected ${listOf(choices)}` }).meta({ value: choices.join('|'), description: help })

/** A decimal number between bounds, both included. */
export const number = (min: number, max: number, help: string) =>
  decimal(/^-?(\d+\.?\d*|\.\d+)$/, `expected a number from ${min} to ${max}`, { min, max }, help)

/** A whole number between bounds, both included. */
export const wholeNumber = (min: number, max: number, help: string) =>
  decimal(/^-?\d+$/, `expected a whole number from ${min} to ${max}`, { min, max }, help)

/** Like `wholeNumber`, for a comma-separated list. */
export const wholeNumbers = (min: number, max: number, help: string) => {
  const error = `expected whole numbers from ${min} to ${max}, comma-separated`
  return z.string(error).regex(/^\d+(,\d+)*$/, error).transform(text => text.split(',').map(Number))
    .pipe(z.array(z.number().min(min, error).max(max, error))).meta({ value: 'LIST', description: help })
}

function decimal (form: RegExp, error: string, { min, max }: { min: number, max: number }, help: string) {
  return z.string(error).regex(form, error).transform(Number).pipe(z.number().min(min, error).max(max, error))
    .meta({ value: 'N', description: help })
}

/** Options that every command with machine-readable output has. */
export const OUTPUT_OPTIONS = {
  json: flag('Print JSON instead of text'),
  quiet: flag('Print results and errors only, without progress')
} as const
