import { readFileSync } from 'node:fs'
import { rootUrl } from './files.ts'

/** The drawn street of the documentation, 960 × 640, and what nanodet-m-416 finds in it. */
export const STREET = readFileSync(new URL('docs/images/street.jpg', rootUrl))
export const STREET_LABELS = ['stop sign', 'bus', 'traffic light']
