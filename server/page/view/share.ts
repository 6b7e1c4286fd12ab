import { downloadsOf, type Download } from '../logic/downloads.ts'
import { shownRequest } from '../logic/shown-request.ts'
import { LANGUAGES, snippetOf, type Language } from '../logic/snippets.ts'
import type { App } from './app-context.ts'
import { byId, h } from './dom.ts'

/** Programs that reproduce what is shown, a link to it, and files of it. */
export function mountShare ({ store, server, actions }: App): void {
  const message = h('p', { role: 'status' })
  const code = h('pre', { tabindex: 0, hidden: true, 'aria-label': 'Copied program' })
  const programs = LANGUAGES.map(language => h('button', { type: 'button', onclick: () => copy(programIn(language), language, true) }, language))
  const link = h('button', { type: 'button', title: 'The address of this view, without the photo', onclick: () => copy(location.href, 'the link', false) }, 'Link')
  const files = downloadsOf(store.get(), '').map((_, i) => h('button', { type: 'button', onclick: () => download(i) }))
  byId('share').append(
    h('div', { role: 'group', 'aria-label': 'Copy as' }, h('span', {}, 'Copy as'), ...programs, link),
    h('div', { role: 'group', 'aria-label': 'Download' }, h('span', {}, 'Download'), ...files),
    message, code)
  store.watch(({ photo, layer }) => [photo, layer], (_, state) => {
    for (const button of [...programs, ...files]) button.disabled = state.photo === undefined
    for (const [i, { text, title }] of downloadsOf(state, '').entries()) Object.assign(files[i]!, { textContent: text, title })
  })

  function programIn (language: Language): string {
    const state = store.get()
    const photo = state.photo!.name
    const base = new URL('.', location.href).href
    return snippetOf(language, { ...shownRequest(state, photo), base, photo, hasKey: server.key !== undefined || state.needsKey })
  }

  /** Browsers let pages on plain HTTP copy nothing: then people can. */
  async function copy (text: string, what: string, isProgram: boolean): Promise<void> {
    const isCopied = await navigator.clipboard?.writeText(text).then(() => true, () => false) ?? false
    code.hidden = isCopied && !isProgram
    code.textContent = text
    if (!isCopied) getSelection()?.selectAllChildren(code)
    message.textContent = isCopied ? `Copied ${what}` : 'Your browser does not let this page copy: copy the selected text'
  }

  async function download (i: number): Promise<void> {
    const state = store.get()
    const { path, parameters, file }: Download = downloadsOf(state, state.photo!.name)[i]!
    message.textContent = `Downloading ${file}`
    const blob = await actions.attempt(async () => await (await server.send(path, state.photo!.blob, parameters)).blob())
    message.textContent = blob ? `Downloaded ${file}` : ''
    if (blob) save(blob, file)
  }
}

function save (blob: Blob, file: string): void {
  const href = URL.createObjectURL(blob)
  h('a', { href, download: file }).click()
  setTimeout(() => URL.revokeObjectURL(href), 60_000) // the browser may still be reading
}
