import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../errors.ts'

const PROTOCOLS = ['http:', 'https:', 'file:']
const HAS_SCHEME = /^[a-z][a-z\d+.-]+:/i

/** The URL that --from means: http, https or file, or a path. @throws UsageError */
export function sourceUrl (from: string): URL {
  if (!HAS_SCHEME.test(from)) return pathToFileURL(resolve(from))
  const url = URL.canParse(from) ? new URL(from) : undefined
  if (url && PROTOCOLS.includes(url.protocol)) return url
  throw new UsageError(`--from: expected a path or an http or https URL, found ${from}`)
}

/** A URL for messages and files: without user and password. */
export function shownUrl (url: URL): string {
  const bare = new URL(url)
  bare.username = bare.password = ''
  return bare.href
}
