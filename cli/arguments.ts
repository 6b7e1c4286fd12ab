/** From argv to a command's options and arguments. */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { nearest } from '../models/nearest.ts'
import type { AnyCommand, OptionShape, Request } from './command.ts'
import { UsageError } from './errors.ts'

const MAX_EDITS = 3
const SHORT: Readonly<Record<string, string>> = { h: 'help', o: 'out', q: 'quiet' }

/** `scoreThreshold` → `score-threshold` */
export const flagOf = (name: string): string => name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/** Whether an option takes no value. */
export const isFlag = (schema: z.ZodType): boolean => innermost(schema) instanceof z.ZodBoolean

/** Whether an option may be given several times. */
export const isList = (schema: z.ZodType): boolean => innermost(schema) instanceof z.ZodArray

function innermost (schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? innermost(schema.unwrap() as z.ZodType) : schema
}

/** Parsed arguments, or 'help' if they ask for help. @throws UsageError naming the first wrong argument */
export function readArguments (command: AnyCommand, argv: readonly string[]): Request<OptionShape, unknown> | 'help' {
  const { given, positionals } = tokensOf(command, argv)
  if (given.has('help')) return 'help'
  return { options: checkOptions(command, given), args: checkPositionals(command, positionals) }
}

interface Tokens { readonly given: ReadonlyMap<string, string | boolean | string[]>, readonly positionals: string[] }

function tokensOf (command: AnyCommand, argv: readonly string[]): Tokens {
  const schemas = new Map(Object.entries(command.options as OptionShape).map(([name, schema]) => [flagOf(name), schema]))
  const types = Object.fromEntries([...schemas].map(([flag, schema]) =>
    [flag, { type: isFlag(schema) ? 'boolean' : 'string', ...shortOf(flag) } as const]))
  const options = { ...types, help: { type: 'boolean', short: 'h' } } as const
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true, allowPositionals: true })
  const given: Given = new Map()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind === 'option') add(given, token, schemas, command)
  }
  return { given, positionals }
}

function shortOf (flag: string) {
  const short = Object.keys(SHORT).find(letter => SHORT[letter] === flag)
  return short === undefined ? {} : { short }
}

interface OptionToken { readonly name: string, readonly rawName: string, readonly value: string | undefined }

type Given = Map<string, string | boolean | string[]>

function add (given: Given, token: OptionToken, schemas: ReadonlyMap<string, z.ZodType>, command: AnyCommand): void {
  const { name, rawName, value } = token
  const schema = name === 'help' ? z.boolean() : schemas.get(name)
  if (!schema) throw unknownOption(rawName, ['help', ...schemas.keys()], command)
  if (isFlag(schema) && value !== undefined) throw usage(`${rawName}: takes no value`, command)
  if (!isFlag(schema) && value === undefined) throw usage(`${rawName}: expected a value`, command)
  const previous = given.get(name)
  if (previous !== undefined && !isList(schema)) throw usage(`${rawName}: given twice`, command)
  given.set(name, isList(schema) ? [...(previous as string[] | undefined ?? []), value!] : value ?? true)
}

function unknownOption (rawName: string, flags: string[], command: AnyCommand): UsageError {
  const [near] = nearest(rawName.replace(/^-+/, ''), flags, { count: 1, maxEdits: MAX_EDITS })
  return usage(`Unknown option ${rawName}${near === undefined ? '' : `; did you mean --${near}?`}`, command)
}

const usage = (message: string, { name }: AnyCommand): UsageError =>
  new UsageError(`${message}${message.endsWith('?') ? '' : ';'} nanodet ${name} --help lists the options`)

function checkOptions (command: AnyCommand, given: Tokens['given']): Request<OptionShape, unknown>['options'] {
  return Object.fromEntries(Object.entries(command.options as OptionShape).map(([name, schema]) => {
    const value = given.get(flagOf(name))
    const parsed = schema.safeParse(value)
    if (parsed.success) return [name, parsed.data]
    const found = value === undefined ? '' : `, found ${value === '' ? 'nothing' : String(value)}`
    throw new UsageError(`--${flagOf(name)}: ${parsed.error.issues[0]!.message}${found}`)
  }))
}

function checkPositionals (command: AnyCommand, positionals: string[]): unknown {
  const { args, name } = command
  if (!args && positionals.length > 0) throw usage(`Unexpected argument ${positionals[0]}`, command)
  const parsed = (args?.schema ?? z.array(z.string())).safeParse(positionals)
  if (parsed.success) return parsed.data
  throw new UsageError(`${parsed.error.issues[0]!.message}: nanodet ${name} ${args!.usage}`)
}
