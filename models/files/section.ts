import type { UpstreamKeys } from '../../nn/spec.ts'
import { ModelFileError } from '../errors.ts'

/** A mapping in a config file. It remembers which keys have been read, so that the others can be reported. */
export class Section implements UpstreamKeys {
  readonly model: string
  readonly #path: string
  readonly #values: Readonly<Record<string, unknown>>
  readonly #asked = new Set<string>()
  readonly #sections = new Map<string, Section>()

  /**
   * @param path of the mapping in the file
   * @param values the parsed mapping
   * @throws ModelFileError if it is not a mapping
   */
  constructor (model: string, path: string, values: unknown) {
    if (!isMapping(values)) throw new ModelFileError(model, `${path || 'the file'} is not a mapping of keys to values`)
    this.model = model
    this.#path = path
    this.#values = values
  }

  has (key: string): boolean { return Object.hasOwn(this.#values, key) }

  /** The value at the end of a path of keys, if there is one. It does not count as read. */
  peek (path: readonly string[]): unknown {
    const step = (value: unknown, key: string): unknown =>
      isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined
    return path.reduce(step, this.#values)
  }

  /** The mapping under a required key. */
  section (key: string): Section {
    const known = this.#sections.get(key)
    if (known) return known
    const section = new Section(this.model, this.pathOf(key), this.#take(key))
    this.#sections.set(key, section)
    return section
  }

  wholeNumber (key: string, [min, max]: readonly [min: number, max: number], otherwise?: number): number {
    const value = this.#take(key, otherwise)
    const fits = isWholeNumber(value) && value >= min && value <= max
    if (!fits) throw this.error(key, `is not a whole number from ${min} to ${max}`)
    return value
  }

  number (key: string, [min, max]: readonly [min: number, max: number], otherwise?: number): number {
    const value = this.#take(key, otherwise)
    const fits = typeof value === 'number' && value >= min && value <= max
    if (!fits) throw this.error(key, `is not a number from ${min} to ${max}`)
    return value
  }

  flag (key: string, otherwise?: boolean): boolean {
    const value = this.#take(key, otherwise)
    if (typeof value !== 'boolean') throw this.error(key, 'is neither true nor false')
    return value
  }

  numbers (key: string, otherwise?: readonly number[]): readonly number[] {
    const value = this.#take(key, otherwise)
    if (!isNumbers(value)) throw this.error(key, 'is not a list of numbers')
    return value
  }

  /** A list of texts. Numbers count as texts. */
  texts (key: string): string[] {
    const value = this.#take(key)
    if (!Array.isArray(value) || !value.every(isText)) throw this.error(key, 'is not a list of texts')
    return value.map(String)
  }

  /** The value of any type. */
  raw (key: string, otherwise?: unknown): unknown { return this.#take(key, otherwise) }

  /** One of the supported texts. `null` counts as a text. */
  oneOf<T extends string> (key: string, possible: readonly T[], otherwise?: T): T {
    const value = String(this.#take(key, otherwise))
    const found = possible.find(name => name === value)
    if (found === undefined) throw this.error(key, `is not supported; supported: ${possible.join(', ')}`)
    return found
  }

  /** Checks that a key, if it is set, has the only supported value. */
  only (key: string, value: unknown, otherwise = value): void {
    const found = this.#take(key, otherwise)
    const supported = JSON.stringify(value)
    if (JSON.stringify(found) !== supported) throw this.error(key, `is not supported; supported: ${supported}`, found)
  }

  /** The path of a key in the file. */
  pathOf (key: string): string { return this.#path === '' ? key : `${this.#path}.${key}` }

  /** The paths of all keys that have not been read. */
  unread (): string[] {
    return Object.keys(this.#values).flatMap(key => {
      if (this.#sections.has(key)) return this.#sections.get(key)!.unread()
      return this.#asked.has(key) ? [] : [this.pathOf(key)]
    })
  }

  /** An error about the value of a key. */
  error (key: string, problem: string, value = this.#values[key]): ModelFileError {
    return new ModelFileError(this.model, `${this.pathOf(key)}: ${inShort(value)} ${problem}`)
  }

  #take (key: string, otherwise?: unknown): unknown {
    this.#asked.add(key)
    const value = this.has(key) ? this.#values[key] : otherwise
    if (value === undefined) throw new ModelFileError(this.model, `${this.pathOf(key)} is missing`)
    return value
  }
}

const LONGEST = 60

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isWholeNumber = (value: unknown): value is number => Number.isInteger(value)
const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(item => Number.isFinite(item))
const isText = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number'

function inShort (value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? 'nothing'
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
