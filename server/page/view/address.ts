import { fragmentOf, readFragment } from '../logic/url.ts'
import type { App } from './app-context.ts'

/** Milliseconds without a change before the address follows: browsers limit how often it may. */
const REST = 300

/** Keeps what is on view in the address, after #, and follows links and edits of it. */
export function mountAddress (app: App): void {
  const { store, actions } = app
  let known = location.hash
  let timer: ReturnType<typeof setTimeout> | undefined
  store.set(readFragment(known))
  store.watch(fragmentOf, fragment => {
    clearTimeout(timer)
    timer = setTimeout(() => write(fragment), REST)
  })
  addEventListener('hashchange', () => {
    clearTimeout(timer)
    known = location.hash
    const { example, model, precision, region, expected } = store.get()
    const next = readFragment(location.hash)
    store.set(next)
    if (next.example && !example) openFromAddress(app)
    else if (next.model !== model || next.precision !== precision || String(next.region) !== String(region) ||
      next.expected !== expected) actions.explain()
  })

  /** Unless a link has been followed: its event is about to come. */
  function write (fragment: string): void {
    if (location.hash !== known) return
    history.replaceState(history.state, '', fragment === '' ? location.pathname + location.search : `#${fragment}`)
    known = location.hash
  }
}

/** Opens the example if the address says so. Photos of others are not in addresses. */
export function openFromAddress ({ store, actions }: App): void {
  const { example, region, expected, selected } = store.get()
  if (example) actions.openExample({ region, expected, selected })
}
