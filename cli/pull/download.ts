/** Downloads a file over HTTP, in as many tries as it takes. */
import { STATUS_CODES } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { backoff, type Delays } from '../../engine/backoff.ts'
import { CommandError } from '../errors.ts'
import { confirmationUrl, directUrl, pageProblem } from './drive.ts'
import { DownloadError, TooLargeError } from './errors.ts'
import type { HttpClient, Reply } from './http-client.ts'
import type { PartialFile, PartialState } from './partial-file.ts'
import { shownUrl } from './sources.ts'
import { StallTimer } from './stall-timer.ts'

export interface DownloadOptions {
  readonly client: HttpClient
  /** Maximum number of bytes. */
  readonly maxSize: number
  /** Milliseconds without data after which a connection is given up. */
  readonly timeout: number
  /** Tries after the first, counted again from zero whenever data has arrived. */
  readonly retries: number
  /** Milliseconds between tries. */
  readonly delays: Delays
  readonly signal: AbortSignal
  readonly onProgress: (received: number, total: number | undefined) => void
  readonly onRetry: (problem: string, delay: number) => void
}

/** Data that counts as progress: a server that cuts connections after a few bytes is given up. */
const MIN_PROGRESS = 65_536
const MAX_RETRY_AFTER = 60_000
const MAX_PAGES = 3
const MAX_PAGE = 100_000
const MAY_RECOVER = [408, 425, 429, 500, 502, 503, 504]
/** Codes of network errors that another try does not change. */
const PERMANENT = /^(ENOTFOUND|ECONNREFUSED|ERR_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|UND_ERR_INVALID|UND_ERR_PRX)/
const CUT = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']
const PROXY_REFUSAL = /^Proxy response \(4/

/**
 * Completes a partial file. A download goes on where the last one ended if the server supports it and the file is the same.
 * @throws DownloadError; CommandError if the file can't be written; the signal's reason
 */
export async function download (source: URL, partial: PartialFile, options: DownloadOptions): Promise<void> {
  const { retries, delays, signal, onRetry } = options
  let best = await partial.size()
  for (let failures = 0; ;) {
    try {
      return await attempt(source, partial, options)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof DownloadError) || !error.mayRecover) throw error
      const size = await partial.size()
      failures = size >= best + MIN_PROGRESS ? 1 : failures + 1
      best = Math.max(best, size)
      if (failures > retries) throw error
      const delay = Math.max(backoff(failures, delays), Math.min(error.retryAfter, MAX_RETRY_AFTER))
      onRetry(error.message, delay)
      await sleep(delay, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}

async function attempt (source: URL, partial: PartialFile, options: DownloadOptions): Promise<void> {
  const size = await partial.size()
  const state = await partial.state(shownUrl(source))
  if (state && state.total === size) return
  const stall = new StallTimer(options.timeout, options.signal)
  try {
    const resumes = size > 0 && state?.validator !== undefined
    const reply = await openFile(source, resumes ? { range: `bytes=${size}-`, 'if-range': state.validator! } : {}, options, stall)
    try {
      await receive(source, reply, partial, options, stall)
    } finally {
      reply.body.on('error', () => {}).destroy()
    }
  } catch (error) {
    if (error instanceof TooLargeError) await partial.discard()
    throw toDownloadError(source, error, stall, options)
  } finally {
    stall.stop()
  }
}

/** The reply with the file: confirmation pages on the way are answered. */
async function openFile (
  source: URL, headers: Record<string, string>, { client }: DownloadOptions, stall: StallTimer
): Promise<Reply> {
  let url = directUrl(source)
  for (let pages = 0; ; pages++) {
    const reply = await client.get(url, headers, stall.signal)
    if (!isHtml(reply)) return await checkStatus(source, reply)
    const html = await readPage(reply, stall)
    const next = reply.status === 200 && pages < MAX_PAGES ? confirmationUrl(html, reply.url) : undefined
    if (next === undefined) throw replyError(source, reply, pageProblem(html))
    url = next
  }
}

const isHtml = ({ headers }: Reply): boolean => /^(text\/html|application\/xhtml)/i.test(String(headers['content-type'] ?? ''))

async function readPage ({ body }: Reply, stall: StallTimer): Promise<string> {
  let html = ''
  for await (const chunk of body) {
    stall.progress()
    html += String(chunk)
    if (html.length > MAX_PAGE) break
  }
  return html
}

async function checkStatus (source: URL, reply: Reply): Promise<Reply> {
  const { status, headers } = reply
  const encoding = headers['content-encoding'] ?? 'identity'
  if ([200, 206, 416].includes(status) && encoding === 'identity') return reply
  await reply.body.dump()
  throw replyError(source, reply, status === 200 ? `content encoding ${encoding}, which was not requested` : '')
}

function replyError (source: URL, { status, headers }: Reply, problem: string): DownloadError {
  const seconds = Number(headers['retry-after'] ?? 0)
  const shown = [status === 200 ? '' : `HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trim(), problem].filter(Boolean)
  return new DownloadError(`${shownUrl(source)}: ${shown.join(', ')}`, {
    mayRecover: MAY_RECOVER.includes(status), retryAfter: Number.isFinite(seconds) ? seconds * 1000 : 0
  })
}

async function receive (
  source: URL, reply: Reply, partial: PartialFile, { maxSize, onProgress }: DownloadOptions, stall: StallTimer
): Promise<void> {
  const { from, state } = await startOf(source, reply, partial)
  const { total } = state
  let received = from
  const count = (bytes: number): void => {
    stall.progress()
    received += bytes
    if (Math.max(received, total ?? 0) > maxSize) throw new TooLargeError(source, maxSize)
    onProgress(received, total)
  }
  count(0)
  if (from === 0) await partial.begin(state)
  await partial.append(reply.body, count)
  if (total !== undefined && received !== total) throw new DownloadError(`${shownUrl(source)}: connection cut`, { mayRecover: true })
}

/** Where the reply's bytes begin in the file. @throws DownloadError if the partial file is of no use: the next try starts anew */
async function startOf (source: URL, { status, headers }: Reply, partial: PartialFile): Promise<{ from: number, state: PartialState }> {
  const url = shownUrl(source)
  if (status === 200) return { from: 0, state: { url, validator: validatorOf(headers), total: countOf(headers['content-length']) } }
  const size = await partial.size()
  const known = await partial.state(url)
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(String(headers['content-range'])) ?? []
  const fits = status === 206 && known && Number(start) === size && (known.total ?? Number(total)) === Number(total)
  if (fits) return { from: size, state: { ...known, total: Number(total) } }
  await partial.discard()
  throw new DownloadError(`${url}: the server can't continue the download`, { mayRecover: true })
}

const countOf = (length: unknown): number | undefined => length === undefined ? undefined : Number(length)

/** What If-Range compares: a weak ETag does not name bytes. */
function validatorOf (headers: Reply['headers']): string | undefined {
  const etag = headers['etag']
  if (etag !== undefined && !String(etag).startsWith('W/')) return String(etag)
  return headers['last-modified'] === undefined ? undefined : String(headers['last-modified'])
}

function toDownloadError (source: URL, error: unknown, stall: StallTimer, { timeout }: DownloadOptions): unknown {
  if (error instanceof CommandError) return error
  if (stall.hasFired) return new DownloadError(`${shownUrl(source)}: no data for ${timeout / 1000} s`, { mayRecover: true, cause: error })
  const { code = '', message } = error as NodeJS.ErrnoException
  const [first] = (error as AggregateError).errors ?? [] // one per address of the host
  const problem = CUT.includes(code) ? 'connection cut' : first?.message ?? message
  const mayRecover = !PERMANENT.test(code) && !PROXY_REFUSAL.test(message)
  return new DownloadError(`${shownUrl(source)}: ${problem}`, { mayRecover, cause: error })
}
