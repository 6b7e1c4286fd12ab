import { prettyFactory } from 'pino-pretty'

/** Part of the message, or irrelevant on a terminal. */
const HIDDEN = ['pid', 'hostname', 'method', 'path', 'status', 'event', 'reqId', 'url', 'models', 'workers', 'threads']

/** Formats a line of JSON for people: time, level, message, and the rest of its fields in the same line. */
export function prettyLines (colorize: boolean): (line: string) => string {
  const format = { translateTime: 'SYS:HH:MM:ss', singleLine: true, messageFormat: message }
  return prettyFactory({ ...format, colorize, ignore: HIDDEN.join(',') })
}

/** A request's message is what was asked and how it ended. */
function message ({ msg, method, path, status }: Record<string, unknown>): string {
  return msg === 'request' ? `${method} ${path} ${status}` : String(msg ?? '')
}
