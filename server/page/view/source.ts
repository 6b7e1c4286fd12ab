import type { App } from './app-context.ts'
import { byId, h } from './dom.ts'

/** Takes photos: dropped, pasted, chosen, taken with a camera, or the example. */
export function mountSource ({ store, actions }: App): void {
  const note = h('p', { class: 'quiet', role: 'status' })
  const take = (files: Iterable<File>): void => {
    const [file, ...others] = files
    if (!file) return
    note.textContent = others.length > 0 ? `Showing the first of ${others.length + 1} files: ${file.name}.` : ''
    actions.open(file, file.name)
  }
  byId('source').append(
    h('p', { class: 'choices' },
      picker('Choose a photo', false), picker('Take a photo', true),
      h('button', { type: 'button', onclick: () => actions.openExample() }, 'Try the example')),
    h('p', { class: 'quiet' }, 'Or drop or paste a photo. Photos go to this server only.'), note)
  document.addEventListener('dragover', event => event.preventDefault())
  document.addEventListener('drop', event => {
    event.preventDefault()
    take(event.dataTransfer?.files ?? [])
  })
  document.addEventListener('paste', event => take(event.clipboardData?.files ?? []))
  store.watch(({ photo }) => photo === undefined, empty => byId('source').classList.toggle('empty', empty))

  function picker (text: string, camera: boolean): HTMLLabelElement {
    const input: HTMLInputElement = h('input', {
      type: 'file',
      accept: 'image/*',
      capture: camera && 'environment',
      onchange: () => {
        take(input.files ?? [])
        input.value = '' // the same file may be chosen again
      }
    })
    return h('label', { class: camera ? 'button camera' : 'button' }, input, text)
  }
}
