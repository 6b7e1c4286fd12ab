import type { App } from './app-context.ts'
import { byId, h } from './dom.ts'

/** Takes photos: dropped, pasted, chosen, taken with a camera, or the example. */
export function mountSource ({ store, actions }: App): void {
  const source = byId('source')
  const note = h('p', { class: 'quiet', role: 'status' })
  const example = h('button', { type: 'button', onclick: () => actions.openExample() }, 'Try the example')
  source.append(
    h('p', { class: 'invitation' }, 'Drop a photo to see the objects in it, and why the network found them.'),
    h('div', { class: 'choices' }, picker('Choose a photo', false), picker('Take a photo', true), example,
      h('span', { class: 'quiet hint' }, 'or drop or paste one')),
    h('p', { class: 'quiet privacy' }, 'Photos go to this server only, which does not store them.'), note)
  store.watch(({ photo }) => photo === undefined, isEmpty => {
    source.classList.toggle('empty', isEmpty)
    example.classList.toggle('primary', isEmpty)
  })
  store.watch(({ busy, photo }) => busy && !photo, isOpening => source.setAttribute('aria-busy', String(isOpening)))
  takeDropped(take)
  document.addEventListener('paste', event => take(event.clipboardData?.files ?? []))

  function take (files: Iterable<File>): void {
    const [file, ...others] = files
    if (!file) return
    note.textContent = others.length > 0 ? `Showing the first of ${others.length + 1} files: ${file.name}` : ''
    actions.open(file, file.name)
  }

  function picker (text: string, isCamera: boolean): HTMLLabelElement {
    const input: HTMLInputElement = h('input', {
      type: 'file',
      accept: 'image/*',
      capture: isCamera && 'environment',
      onchange: () => {
        take(input.files ?? [])
        input.value = '' // the same file may be chosen again
      }
    })
    return h('label', { class: isCamera ? 'button camera' : 'button' }, input, text)
  }
}

/** Files may be dropped anywhere on the page. */
function takeDropped (take: (files: Iterable<File>) => void): void {
  const mark = (isOver: boolean): void => { document.body.classList.toggle('dropping', isOver) }
  document.addEventListener('dragover', event => {
    event.preventDefault()
    mark(event.dataTransfer?.types.includes('Files') ?? false)
  })
  document.addEventListener('dragleave', ({ relatedTarget }) => { if (!relatedTarget) mark(false) })
  document.addEventListener('drop', event => {
    event.preventDefault()
    mark(false)
    take(event.dataTransfer?.files ?? [])
  })
}
