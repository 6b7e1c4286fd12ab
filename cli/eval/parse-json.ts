import { CommandError } from '../errors.ts'

const BOM = '\uFEFF'

/** The value of a JSON file, which may start with a byte order mark. @throws CommandError naming the file */
export function parseJson (path: string, bytes: Buffer): unknown {
  try {
    const text = bytes.toString()
    return JSON.parse(text.startsWith(BOM) ? text.slice(1) : text)
  } catch (cause) {
    throw new CommandError(`${path}: not JSON: ${(cause as Error).message.replaceAll(/\s+/g, ' ')}`, { cause })
  }
}
