import { prettyFactory } from 'pino-pretty'
import { printable } from '../engine/printable.ts'

/** Part of the message, or irrelevant on a terminal. */
const HIDDEN = ['pid', 'hostname', 'method', 'path', 'status', 'event', 'reqId', 'url', 'models', 'workers', 'threads']

/** Stack traces have several lines. */
const MULTILINE = 'stack'

/**
 * Formats a line of JSON for people: time, level, message, and the rest of its fields in the same line. Names of files,
 * paths of requests and other texts from outside can't act on the terminal.
 */
export function prettyLines (colorize: boolean): (line: string) => string {
  const format = { translateTime: 'SYS:HH:MM:ss', singleLine: true, messageFormat: message }
  const pretty = prettyFactory({ ...format, colorize, ignore: HIDDEN.join(',') })
  return line => pretty(JSON.parse(line, safe))
}

const safe = (key: string, value: unknown): unknown =>
  typeof value === 'string' ? printable(value, key === MULTILINE ? '\n' : '') : value

/** A request's message is what was asked and how it ended. */
function message ({ msg, method, path, status }: Record<string, unknown>): string {
  return msg === 'request' ? `${method} ${path} ${status}` : String(msg ?? '')
}
