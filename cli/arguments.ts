/** From argv to a command's options and arguments. */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { AnyCommand, OptionShape, Request } from './command.ts'
import { UsageError } from './errors.ts'
import { choicesOf, flagOf, isFlag, isList, isRequired, metaOf, SHORT_FLAGS } from './schemas.ts'
import { suggest } from './suggest.ts'

type Values = Map<string, string | boolean | string[]>
interface Tokens { readonly given: Values, readonly positionals: string[] }

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value: string | undefined
  /** `--name=value` */
  readonly inlineValue: boolean | undefined
}

/** Parsed arguments, or 'help' if they ask for help. @throws UsageError naming the first wrong argument */
export function readArguments (command: AnyCommand, argv: readonly string[]): Request<OptionShape, unknown> | 'help' {
  const { given, positionals } = tokensOf(command, argv)
  if (given.has('help')) return 'help'
  return { options: checkOptions(command, given), args: checkPositionals(command, positionals) }
}

function tokensOf (command: AnyCommand, argv: readonly string[]): Tokens {
  const schemas = schemasOf(command)
  const options = Object.fromEntries([...schemas].map(([flag, schema]) =>
    [flag, { type: isFlag(schema) ? 'boolean' : 'string', ...shortOf(flag) } as const]))
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true, allowPositionals: true })
  const given: Values = new Map()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind === 'option') add(given, token, schemas, command)
  }
  return { given, positionals }
}

/** Schemas by flag, with --help. */
const schemasOf = ({ options }: AnyCommand): ReadonlyMap<string, z.ZodType> => new Map<string, z.ZodType>([
  ...Object.entries(options as OptionShape).map(([name, schema]) => [flagOf(name), schema] as const),
  ['help', z.boolean()]
])

function shortOf (flag: string): { short?: string } {
  const short = SHORT_FLAGS[flag]
  return short === undefined ? {} : { short }
}

function add (given: Values, token: OptionToken, schemas: ReadonlyMap<string, z.ZodType>, command: AnyCommand): void {
  const { name, rawName, value } = token
  const schema = schemas.get(name)
  if (!schema) throw usage(`Unknown option ${rawName}${suggest(name, [...schemas.keys()], '--')}`, command)
  if (isFlag(schema) && value !== undefined) throw usage(`${rawName}: takes no value`, command)
  if (!isFlag(schema)) checkValue(token, command)
  const previous = given.get(name)
  if (previous !== undefined && !isList(schema)) throw usage(`${rawName}: given twice`, command)
  given.set(name, isList(schema) ? [...(previous as string[] | undefined ?? []), value!] : value ?? true)
}

/** `--model --json` lacks a model. A value that starts with a dash needs `=`, unless it is a number. */
function checkValue ({ rawName, value, inlineValue }: OptionToken, command: AnyCommand): void {
  if (value === undefined) throw usage(`${rawName}: expected a value`, command)
  if (!inlineValue && /^-[^\d.]/.test(value)) throw usage(`${rawName}: expected a value, found ${value}`, command)
}

const usage = (message: string, { name }: AnyCommand): UsageError =>
  new UsageError(`${message}${message.endsWith('?') ? '' : ';'} nanodet ${name} --help lists the options`)

function checkOptions (command: AnyCommand, given: Values): Request<OptionShape, unknown>['options'] {
  return Object.fromEntries(Object.entries(command.options as OptionShape).map(([name, schema]) => {
    const flag = flagOf(name)
    const value = given.get(flag)
    if (value === undefined && isRequired(schema)) throw usage(`Missing option --${flag} ${metaOf(schema).value ?? 'VALUE'}`, command)
    const parsed = schema.safeParse(value)
    if (parsed.success) return [name, parsed.data]
    throw new UsageError(`--${flag}: ${parsed.error.issues[0]!.message}${foundText(value)}${nearText(schema, value)}`)
  }))
}

function foundText (value: unknown): string {
  if (value === undefined) return ''
  return `, found ${value === '' ? 'nothing' : String(value)}`
}

const nearText = (schema: z.ZodType, value: unknown): string =>
  typeof value === 'string' && value !== '' ? suggest(value, choicesOf(schema)) : ''

function checkPositionals (command: AnyCommand, positionals: string[]): unknown {
  const { args, name } = command
  if (!args && positionals.length > 0) throw usage(`Unexpected argument ${positionals[0]}`, command)
  const parsed = (args?.schema ?? z.array(z.string())).safeParse(positionals)
  if (parsed.success) return parsed.data
  throw new UsageError(`${parsed.error.issues[0]!.message}: nanodet ${name} ${args!.usage}`)
}
