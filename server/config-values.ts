/** Types of settings: each reads a text, and says what is possible when it can't. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { listOf, namesIn } from '../models/names.ts'

const MAX = Number.MAX_SAFE_INTEGER
const MAX_TIMER = 2 ** 31 - 1
const BOOLEANS = new Map([['true', true], ['1', true], ['false', false], ['0', false]])
/** A bare letter counts in powers of 1024, as in Docker, nginx and the JVM. */
const BYTE_UNITS: Readonly<Record<string, number>> = {
  ...{ '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9 },
  ...{ K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, KI: 2 ** 10, MI: 2 ** 20, GI: 2 ** 30, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 }
}
const TIME_UNITS: Readonly<Record<string, number>> = { '': 1, MS: 1, S: 1000, M: 60_000, MIN: 60_000, H: 3_600_000 }
/** Names of networks that proxy-addr knows. */
const NETWORKS = ['loopback', 'linklocal', 'uniquelocal']

/** A setting that `parse` reads. @param parse returns undefined if the text is invalid */
export const setting = <T>(expected: string, parse: (text: string) => T | undefined) =>
  z.string().transform((text, context): T => {
    const value = parse(text.trim())
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `expected ${expected}` })
    return z.NEVER
  })

const range = (min: number, max: number): string => max === MAX ? `of at least ${min}` : `from ${min} to ${max}`

export const wholeNumber = (min: number, max = MAX) =>
  setting(`a whole number ${range(min, max)}`, text => /^\d+$/.test(text) ? within(Number(text), min, max) : undefined)

/** Bytes, with or without a unit: 20MB, 20MiB, 20M, 20971520. */
export const bytes = (min: number) => setting(`a number of bytes ${range(min, MAX)}, such as 20971520, 20MB or 20MiB`,
  text => within(withUnit(text, BYTE_UNITS), min, MAX))

/** Milliseconds that a timer can wait, with or without a unit: 500, 500ms, 5s. */
export const milliseconds = (min: number) => setting(`a time ${range(min, MAX_TIMER)} ms, such as 500, 500ms or 5s`,
  text => within(withUnit(text, TIME_UNITS), min, MAX_TIMER))

export const oneOf = <T extends string>(values: readonly T[]) =>
  setting(listOf(values), text => values.find(value => value === text))

export const yesOrNo = () => setting('true or false', text => BOOLEANS.get(text.toLowerCase()))

/** At least one item, comma-separated: `,` as API_KEYS would open the server to everyone. */
export const list = (expected = 'at least one item; leave the variable unset for none', isValid = (_item: string) => true) =>
  setting(expected, text => {
    const items = namesIn(text)
    return items.length > 0 && items.every(isValid) ? items : undefined
  })

export const url = () => setting('a URL such as http://localhost:4318', text => isHttpUrl(text) ? text : undefined)

/** `key=value,…`, percent-encoded, as OpenTelemetry writes attributes and headers. */
export const pairs = () => setting('pairs such as key=value, comma-separated and percent-encoded', text =>
  text.split(',').every(isPair) ? text : undefined)

/** A name or address to listen on; whether this machine has it is checked later. */
export const isHost = (text: string): boolean => isIP(text) > 0 || isHostName(text)

export const isHostName = (text: string): boolean => /^(?!-)[\w.-]{1,253}$/.test(text)

/** `null` is the origin of any sandboxed page. */
export const isOrigin = (text: string): boolean => text === '*' || (/^https?:\/\/[^/\s]+$/.test(text) && URL.canParse(text))

/** An address, a network such as 10.0.0.0/8, or a name of some. */
export function isNetwork (text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return NETWORKS.includes(text)
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

const within = (value: number, min: number, max: number): number | undefined =>
  value >= min && value <= max ? value : undefined

function withUnit (text: string, units: Readonly<Record<string, number>>): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text) ?? []
  return Math.round(Number(digits) * (units[unit?.toUpperCase() ?? ''] ?? NaN))
}

const isHttpUrl = (text: string): boolean => /^https?:\/\/\S+$/i.test(text) && URL.canParse(text)

function isPair (text: string): boolean {
  try {
    decodeURIComponent(text)
  } catch {
    return false
  }
  return /^\s*[^=\s]+=[^=]*$/.test(text)
}
