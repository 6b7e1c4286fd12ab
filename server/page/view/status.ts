import { NanodetApiError } from '../../../client/api-error.ts'
import { LOCKED, statusLine, UNREACHABLE, type StatusLine } from '../logic/status.ts'
import type { App } from './app-context.ts'
import { byId, h } from './dom.ts'

const INTERVAL = 5000
/** Milliseconds after which a server that does not answer counts as unreachable. */
const PATIENCE = 10_000

/** The server's queue, latency and version, asked for while the page is visible. */
export function mountStatus ({ store, server }: App): void {
  const text = h('button', { type: 'button', 'aria-expanded': 'false', 'aria-controls': 'status-details', onclick: () => open(details.hidden), onblur: () => open(false) }, 'Connecting')
  const details = h('p', { id: 'status-details', hidden: true })
  byId('status').append(text, details)
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastMs: number | undefined
  measureRequests()
  document.addEventListener('visibilitychange', poll)
  store.watch(({ needsKey }) => needsKey, poll)

  async function poll (): Promise<void> {
    clearTimeout(timer)
    if (document.hidden) return
    if (store.get().needsKey) return show(LOCKED) // wrong keys are counted: wait for another
    show(await ask())
    timer = setTimeout(poll, INTERVAL)
  }

  async function ask (): Promise<StatusLine> {
    try {
      const response = await Promise.race([server.get('status'), late()])
      return statusLine(await response.json(), lastMs)
    } catch (error) {
      const isLocked = error instanceof NanodetApiError && error.statusCode === 401
      if (isLocked) store.set({ needsKey: true })
      return isLocked ? LOCKED : UNREACHABLE
    }
  }

  function show (line: StatusLine): void {
    text.textContent = line.text
    text.dataset['tone'] = line.tone
    text.title = line.details
    details.textContent = line.details
  }

  function open (isOpen: boolean): void {
    details.hidden = !isOpen
    text.setAttribute('aria-expanded', String(isOpen))
  }

  function measureRequests (): void {
    let start: number | undefined
    store.watch(({ busy }) => busy, busy => {
      if (start !== undefined && !busy) lastMs = performance.now() - start
      start = busy ? performance.now() : undefined
    })
  }
}

const late = (): Promise<never> => new Promise((_resolve, reject) => setTimeout(() => reject(new Error('too late')), PATIENCE))
