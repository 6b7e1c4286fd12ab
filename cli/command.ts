/** What all commands share: how they are told what to do, and how they say that they can't. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { fileProblem } from '../models/file-problem.ts'

/** Where a command writes: results to stdout, everything else to stderr. `process` is one. */
export interface Io {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** Why a command can't do what it was asked for, in one line. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
  readonly exitCode: number = 1
}

/** Wrong arguments. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError'
  override readonly exitCode = 2
}

/** Runs a command. A CommandError becomes a line on stderr. @returns the exit code */
export async function runCommand (io: Io, command: () => Promise<number>): Promise<number> {
  try {
    return await command()
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    io.stderr.write(`${error.message}\n`)
    return error.exitCode
  }
}

/** Runs a command as a program. A reader of its output that has seen enough (`| head`) ends it without a complaint. */
export async function runAsProgram (main: (argv: readonly string[], io: Io) => Promise<number>): Promise<void> {
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
    process.exit()
  })
  process.exitCode = await main(process.argv.slice(2), process)
}

/** util.parseArgs. @throws UsageError */
export function readArguments<const C extends ParseArgsConfig> (config: C): ReturnType<typeof parseArgs<C>> {
  try {
    return parseArgs(config)
  } catch (error) {
    const [firstSentence] = (error as Error).message.split(/\.(?:\s|$)|\n/)
    throw new UsageError(`${firstSentence}; --help lists the options`)
  }
}

/** The value of an option that counts something, from 1 to `max`. @throws UsageError naming the option */
export function wholeNumber (option: string, text: string, max: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new UsageError(`${option}: expected a whole number from 1 to ${max}, found ${text || 'nothing'}`)
}

/** The bytes of a file. @throws CommandError naming the file */
export async function readInput (path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw fileError(path, error)
  }
}

/** Writes a file, and makes its directory where there is none. @throws CommandError naming the file */
export async function writeOutput (path: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
  } catch (error) {
    throw fileError(path, error)
  }
}

/** A file system's error as a line that names the file. */
export function fileError (path: string, cause: unknown): CommandError {
  return new CommandError(`${path}: ${fileProblem(cause)}`, { cause })
}
