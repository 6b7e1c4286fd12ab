/** Finds the command that argv names, runs it, and turns failures into a line and an exit code. */
import { printable } from '../engine/printable.ts'
import { readArguments } from './arguments.ts'
import type { AnyCommand } from './command.ts'
import { CommandError, UsageError } from './errors.ts'
import { EXIT_CODES, helpOf } from './help.ts'
import type { Io } from './io.ts'
import { suggest } from './suggest.ts'

/** A command that is loaded when it is called. */
export interface CommandEntry { readonly summary: string, readonly load: () => Promise<AnyCommand> }

/** Commands by name; the name of a subcommand has a space: `models pull`. */
export type Catalog = Readonly<Record<string, CommandEntry>>

/** Runs a command line. @param argv without node and the script @returns the exit code */
export async function runProgram (catalog: Catalog, version: string, argv: readonly string[], io: Io): Promise<number> {
  return await reportErrors(io, async () => {
    const [first = '--help'] = argv
    if (first === '--version' || first === '-v') return print(io, `${version}\n`)
    if (['--help', '-h', 'help'].includes(first)) return print(io, await overview(catalog, argv.slice(1)))
    if (argv[1] === '--help' || argv[1] === '-h') return print(io, await overview(catalog, [first]))
    const { entry, rest } = findCommand(catalog, argv)
    return await runCommand(await entry.load(), rest, io)
  })
}

/** Parses a command's arguments and runs it. @throws CommandError */
export async function runCommand (command: AnyCommand, argv: readonly string[], io: Io): Promise<number> {
  const request = readArguments(command, argv)
  if (request === 'help') return print(io, helpOf(command))
  const quiet = request.options['quiet'] === true
  return await command.run(request, { stdout: io.stdout, stderr: io.stderr, quiet }) ?? 0
}

/** Turns a CommandError into a line on stderr. @returns the exit code */
export async function reportErrors (io: Io, run: () => Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    io.stderr.write(`${printable(error.message, '\n')}\n`)
    return error.exitCode
  }
}

function print (io: Io, text: string): number {
  io.stdout.write(text)
  return 0
}

function findCommand (catalog: Catalog, argv: readonly string[]): { entry: CommandEntry, rest: readonly string[] } {
  const [first = '', second = ''] = argv
  const [both, one] = [`${first} ${second}`, first].map(name => Object.hasOwn(catalog, name) ? catalog[name] : undefined)
  if (both) return { entry: both, rest: argv.slice(2) }
  if (one) return { entry: one, rest: argv.slice(1) }
  const parts = partsOf(catalog, first)
  if (parts.length > 0) throw new UsageError(`Expected one of: ${parts.map(name => `nanodet ${name}`).join(', ')}`)
  throw unknownCommand(catalog, first)
}

/** `models list` and `models pull` for `models` */
const partsOf = (catalog: Catalog, first: string): string[] => Object.keys(catalog).filter(name => name.startsWith(`${first} `))

function unknownCommand (catalog: Catalog, name: string): UsageError {
  const near = suggest(name, Object.keys(catalog))
  return new UsageError(`Unknown command ${name}${near || ';'} nanodet --help lists the commands`)
}

/** Help for everything, for a command, or for the first word of several. */
async function overview (catalog: Catalog, argv: readonly string[]): Promise<string> {
  const group = argv.length === 1 && !catalog[argv[0]!] ? partsOf(catalog, argv[0]!) : []
  if (argv.length > 0 && group.length === 0) return helpOf(await findCommand(catalog, argv).entry.load())
  const names = group.length > 0 ? group : Object.keys(catalog)
  const width = Math.max(...names.map(name => name.length)) + 2
  const lines = names.map(name => `  ${name.padEnd(width)}${catalog[name]!.summary}`)
  return `Object detection with NanoDet on a CPU.\n\nUsage: nanodet COMMAND [options]\n\n${lines.join('\n')}\n\n` +
    `nanodet COMMAND --help explains a command; nanodet --version prints the version.\n\n${EXIT_CODES}\n`
}
