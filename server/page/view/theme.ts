import { byId, h } from './dom.ts'
import { remembered } from './storage.ts'

const THEMES = { auto: 'Auto', light: 'Light', dark: 'Dark' } as const

/** Light, dark, or as the system has it; remembered on this device. */
export function mountTheme (): void {
  const memory = remembered('localStorage', 'nanodet-theme')
  const options = Object.entries(THEMES).map(([value, text]) => h('option', { value }, text))
  const select = h('select', { 'aria-label': 'Theme', title: 'Theme', onchange: () => use(select.value) }, ...options)
  byId('theme').append(select)
  use(memory.get() ?? 'auto')

  function use (theme: string): void {
    const isChosen = theme === 'light' || theme === 'dark'
    select.value = isChosen ? theme : 'auto'
    if (isChosen) document.documentElement.dataset['theme'] = theme
    else delete document.documentElement.dataset['theme']
    memory.set(isChosen ? theme : undefined)
  }
}
