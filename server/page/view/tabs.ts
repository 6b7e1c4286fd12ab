import { TABS, type Tab } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { byId, h } from './dom.ts'

const NAMES: Readonly<Record<Tab, string>> = { boxes: 'Boxes', network: 'Network', compare: 'Compare' }
/** How far keys go; Home and End go to an end. */
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }

/** The views beside the photo: one at a time. Arrow keys, Home and End switch. */
export function mountTabs ({ store }: App): void {
  const buttons = TABS.map(tab => h('button', {
    type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-controls': tab, onclick: () => store.set({ tab }), onkeydown: switchByKey
  }, NAMES[tab]))
  byId('tabs').append(...buttons)
  store.watch(({ tab }) => tab, shown => {
    for (const [i, tab] of TABS.entries()) {
      buttons[i]!.setAttribute('aria-selected', String(tab === shown))
      buttons[i]!.tabIndex = tab === shown ? 0 : -1
      byId(tab).hidden = tab !== shown
    }
  })

  function switchByKey (event: KeyboardEvent): void {
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = nextOf(TABS.indexOf(store.get().tab), step)
    store.set({ tab: TABS[next]! })
    buttons[next]!.focus()
  }
}

/** Steps go round; an infinite one goes to the end. */
function nextOf (at: number, step: number): number {
  if (!Number.isFinite(step)) return step < 0 ? 0 : TABS.length - 1
  return (at + step + TABS.length) % TABS.length
}
