/** The server's status in words. */
import { counted } from '../../../engine/numbers.ts'

export interface Status {
  readonly version: string
  readonly ready: boolean
  readonly model: string
  readonly workers: { readonly running: number, readonly busy: number }
  readonly queue: { readonly depth: number, readonly bytes: number }
  readonly latency_ms: number | null
}

export interface StatusLine {
  readonly tone: 'good' | 'busy' | 'bad'
  /** For all. */
  readonly text: string
  /** For those who want to know more. */
  readonly details: string
}

export const UNREACHABLE: StatusLine = { tone: 'bad', text: 'Server unreachable', details: 'The page tries again every 5 s' }
export const LOCKED: StatusLine = { tone: 'busy', text: 'Key required', details: 'The server needs an API key' }

/** @param lastMs time of the page's last request */
export function statusLine ({ version, ready, model, workers, queue, latency_ms: latency }: Status, lastMs?: number): StatusLine {
  const { depth } = queue
  const state = ready ? depth > 0 ? `${depth} waiting` : 'Ready' : 'Loading models'
  const times = latency === null ? [] : [msText(latency)]
  const details = [
    `nanodet-server ${version}`,
    `${workers.busy} of ${workers.running} workers busy`,
    depth > 0 ? `${counted(depth, 'image')} waiting (${Math.ceil(queue.bytes / 1000)} KB)` : 'queue empty',
    ...latency === null ? [] : [`${model} takes ${msText(latency)} an image`],
    ...lastMs === undefined ? [] : [`your last request took ${msText(lastMs)}`]
  ]
  return { tone: ready ? depth > 0 ? 'busy' : 'good' : 'busy', text: [state, ...times, `v${version}`].join(' · '), details: details.join('\n') }
}

/** Milliseconds, or seconds from 10 s. */
export const msText = (ms: number): string => ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`
