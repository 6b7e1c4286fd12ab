import pino, { type Logger } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { printable } from '../../engine/printable.ts'

const FORMAT = { translateTime: 'SYS:HH:MM:ss', singleLine: true, ignore: 'pid,hostname' }

/** Log lines: JSON, or readable ones on a terminal. */
export function openLog (stream: NodeJS.WritableStream & { readonly isTTY?: boolean }): Logger {
  const pretty = prettyFactory({ ...FORMAT, colorize: stream.isTTY === true })
  const format = stream.isTTY ? (line: string): string => pretty(JSON.parse(line, safe)) : (line: string): string => line
  return pino({}, { write: line => { stream.write(format(line)) } })
}

/** Names of files can't act on the terminal. */
const safe = (_: string, value: unknown): unknown => typeof value === 'string' ? printable(value) : value
