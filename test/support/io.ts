import { PassThrough } from 'node:stream'
import type { Io } from '../../cli/command.ts'

type Main = (argv: readonly string[], io: Io) => Promise<number>

/** Runs a command and catches what it prints. */
export async function runMain (main: Main, argv: readonly string[], { isTTY = false } = {}) {
  const io = { stdout: new PassThrough(), stderr: Object.assign(new PassThrough(), { isTTY }) }
  const exitCode = await main(argv, io)
  const read = (stream: PassThrough): string => String(stream.read() ?? '')
  return { exitCode, stdout: read(io.stdout), stderr: read(io.stderr) }
}
