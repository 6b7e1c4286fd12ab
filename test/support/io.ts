import { PassThrough } from 'node:stream'
import type { AnyCommand } from '../../cli/command.ts'
import type { Io } from '../../cli/io.ts'
import { reportErrors, runCommand } from '../../cli/program.ts'

type Main = (argv: readonly string[], io: Io) => Promise<number>

/** Runs a program and catches its output. */
export async function runMain (main: Main, argv: readonly string[], { isTTY = false } = {}) {
  const io = { stdout: new PassThrough(), stderr: Object.assign(new PassThrough(), { isTTY }) }
  const exitCode = await main(argv, io)
  const read = (stream: PassThrough): string => String(stream.read() ?? '')
  return { exitCode, stdout: read(io.stdout), stderr: read(io.stderr) }
}

/** Runs a command of nanodet and catches its output. */
export const call = (command: AnyCommand, argv: readonly string[], options = {}) =>
  runMain((argv, io) => reportErrors(io, () => runCommand(command, argv, io)), argv, options)
