import { NanodetApiError } from '../../../client/api-error.ts'
import type { App } from './app-context.ts'
import { byId, h } from './dom.ts'
import { remembered } from './storage.ts'

/** A field for the server's key. The key stays in this tab until it is closed, and is sent to this server only. */
export function mountKeyField ({ store, server, actions }: App): void {
  const memory = remembered('sessionStorage', 'nanodet-key')
  server.key = memory.get()
  const panel = byId('key')
  const input = h('input', { id: 'key-input', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true })
  const use = h('button', { type: 'submit', class: 'primary' }, 'Use key')
  const forget = h('button', { type: 'button', onclick: () => forgetKey() }, 'Forget key')
  const message = h('p', { role: 'status' })
  const toggle = h('button', { type: 'button', 'aria-controls': 'key', onclick: () => show(panel.hidden) }, 'Key')
  panel.append(
    h('form', { onsubmit: (event: SubmitEvent) => { event.preventDefault(); tryKey(input.value.trim()) } },
      h('label', { for: 'key-input' }, 'API key'), input, use, forget),
    message,
    h('p', { class: 'quiet' }, 'Kept in this browser tab until it is closed, and sent to this server only.'))
  byId('tools').prepend(toggle)
  store.watch(({ needsKey }) => needsKey, needsKey => {
    show(needsKey)
    if (needsKey && server.key !== undefined) refuse('The server does not accept this key any more')
  })

  function show (isShown: boolean): void {
    panel.hidden = !isShown
    toggle.setAttribute('aria-expanded', String(isShown))
    forget.disabled = server.key === undefined
    if (isShown && document.activeElement === toggle) input.focus()
  }

  async function tryKey (key: string): Promise<void> {
    const { key: previous } = server
    use.disabled = true
    server.key = key
    try {
      accept(key, await server.models())
    } catch (error) {
      server.key = previous
      refuse(reasonOf(error))
    } finally {
      use.disabled = false
    }
  }

  function accept (key: string, models: Awaited<ReturnType<typeof server.models>>): void {
    memory.set(key)
    input.value = ''
    message.textContent = ''
    store.set({ models, needsKey: false, problem: undefined })
    show(false)
    actions.explain()
  }

  function refuse (reason: string): void {
    message.textContent = reason
    input.setAttribute('aria-invalid', 'true')
    input.focus()
  }

  function forgetKey (): void {
    server.key = undefined
    memory.set(undefined)
    message.textContent = 'The key is forgotten.'
    forget.disabled = true
  }
}

/** Of 429, the message says how long to wait. */
function reasonOf (error: unknown): string {
  const isWrong = error instanceof NanodetApiError && error.statusCode === 401
  return isWrong ? 'The server does not accept this key' : (error as Error).message
}
