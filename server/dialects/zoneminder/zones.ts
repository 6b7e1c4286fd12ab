import { z } from 'zod'
import type { Box } from '../../../head/decode/boxes.ts'
import { ApiError } from '../../errors.ts'
import { describeIssues } from '../../parameters.ts'
import { boundedList } from '../bounded.ts'
import { labelPattern, type MatchesLabel } from './label-pattern.ts'
import { touches, type Point } from './polygon.ts'

/** Limits of all zones in a request; ZoneMinder's have tens of points and characters. */
const MAX_ZONES = 32
const MAX_POINTS = 200
const MAX_TEXT = 2 ** 18
/** Maximum total length of distinct patterns: compiling 4096 characters takes up to about 50 ms. */
const MAX_PATTERNS = 4096
/** Pixels. */
const MAX_COORDINATE = 1e6

const coordinate = z.number().min(-MAX_COORDINATE).max(MAX_COORDINATE)
const polygon = boundedList(z.tuple([coordinate, coordinate]), MAX_POINTS)
  .refine(({ length }) => length >= 3, 'expected at least 3 corners')
const zoneSchema = z.object({
  value: polygon.optional(),
  points: polygon.optional(),
  pattern: z.string().nullish(),
  ignore_pattern: z.string().nullish()
})
const zonesSchema = boundedList(zoneSchema, MAX_ZONES)

/** A part of the image, and its label patterns. */
export interface Zone {
  /** Corners, in pixels of the image. */
  readonly polygon: readonly Point[]
  readonly wants: MatchesLabel
  readonly ignores: MatchesLabel
}

interface Labeled { readonly label: string, readonly box: Box }

type GivenZone = z.output<typeof zoneSchema>

/**
 * Reads zones as pyzm sends them: a JSON list of `{ value: [[x, y], …], pattern, ignore_pattern }`.
 * @throws ApiError INVALID_PARAMETER
 */
export function parseZones (text: string): Zone[] {
  if (text.length > MAX_TEXT) throw invalid(`expected at most ${MAX_TEXT} characters`)
  const parsed = zonesSchema.nullable().safeParse(fromJson(text))
  if (!parsed.success) throw invalid(describeIssues(parsed.error.issues, []).slice(0, 400))
  const zones = parsed.data ?? []
  checkPatterns(zones)
  const compile = compileOnce()
  return zones.map(({ value, points, pattern, ignore_pattern: ignored }, i) => {
    const polygon = value ?? points
    if (!polygon) throw invalid(`${i}.value: expected the corners of a polygon`)
    const wants = pattern ? compile(pattern, `zones: ${i}.pattern`) : () => true
    return { polygon, wants, ignores: ignored ? compile(ignored, `zones: ${i}.ignore_pattern`) : () => false }
  })
}

/**
 * Whether an object is kept, as in pyzm (pyzm/ml/filters.py, filter_by_zone): the first zone that it touches and that
 * matches its label keeps it; an earlier zone that ignores its label drops it. Without zones, all are kept.
 */
export function isKept ({ label, box }: Labeled, zones: readonly Zone[]): boolean {
  if (zones.length === 0) return true
  const decides = ({ polygon, wants, ignores }: Zone): boolean =>
    touches(polygon, box) && (ignores(label) || wants(label))
  const decisive = zones.find(decides)
  return decisive !== undefined && !decisive.ignores(label)
}

function fromJson (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid('expected JSON', { cause })
  }
}

function checkPatterns (zones: readonly GivenZone[]): void {
  const patterns = zones.flatMap(({ pattern, ignore_pattern: ignored }) => [pattern ?? '', ignored ?? ''])
  if ([...new Set(patterns)].join('').length > MAX_PATTERNS) {
    throw invalid(`expected patterns of at most ${MAX_PATTERNS} characters together`)
  }
}

function compileOnce () {
  const compiled = new Map<string, MatchesLabel>()
  return (pattern: string, name: string): MatchesLabel => {
    const matches = compiled.get(pattern) ?? labelPattern(pattern, name)
    compiled.set(pattern, matches)
    return matches
  }
}

const invalid = (message: string, options?: ErrorOptions): ApiError =>
  new ApiError('INVALID_PARAMETER', `zones: ${message}`, options)
