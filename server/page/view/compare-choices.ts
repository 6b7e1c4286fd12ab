import { isComparing, modelOf, sidesOf, swapped } from '../logic/compare.ts'
import type { Photo, State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { byId, h } from './dom.ts'

const EXAMPLE = 'street.jpg'

/** What the right side shows: another model, precision or photo. */
export function mountChoices ({ store, server, actions }: App): HTMLElement {
  const model = h('select', { id: 'other-model', onchange: () => store.set({ other: model.value || undefined, otherPrecision: undefined }) })
  const precision = h('select', { id: 'other-precision', onchange: () => store.set({ otherPrecision: precision.value || undefined }) })
  const precisionField = h('span', {}, h('label', { for: 'other-precision' }, 'Precision'), ' ', precision)
  const file = h('input', { type: 'file', accept: 'image/*', hidden: true, 'aria-label': 'Photo for the right side', onchange: openChosen })
  const choose = h('button', { type: 'button', onclick: () => file.click() }, 'Choose photo …')
  const example = h('button', { type: 'button', onclick: () => store.set({ otherExample: true }) }, 'Example photo')
  const same = h('button', { type: 'button', onclick: () => store.set({ otherPhoto: undefined, otherExample: false }) }, 'Same photo')
  const swap = h('button', { type: 'button', onclick: () => store.set(swapped(store.get())) }, '⇄ Swap sides')
  const hint = h('p', { class: 'quiet' })
  const panel = byId('compare')
  let opened = 0
  let previous: Photo | undefined
  panel.addEventListener('dragover', event => { event.preventDefault(); event.stopPropagation() })
  panel.addEventListener('drop', openDropped)

  store.watch(state => [state.models, state.model, state.other, state.precision, state.otherPrecision], (_, state) => {
    model.replaceChildren(...modelOptions(state))
    precision.replaceChildren(...precisionOptions(state))
    precisionField.hidden = precision.options.length <= 2 && state.otherPrecision === undefined
  })
  store.watch(state => [state.photo, state.otherPhoto, state.otherExample, isComparing(state), state.busy, state.otherBusy], (_, state) => {
    for (const control of [model, precision, choose, example, swap]) control.disabled = !state.photo
    swap.disabled ||= !isComparing(state) || state.busy || state.otherBusy
    same.hidden = !state.otherPhoto
    example.hidden = state.otherExample || (state.example && !state.otherPhoto)
    hint.textContent = hintFor(state)
    hint.hidden = isComparing(state)
  })
  store.watch(({ otherExample, otherPhoto, tab }) => otherExample && !otherPhoto && tab === 'compare', isMissing => {
    if (isMissing) openExample()
  })
  store.watch(({ otherPhoto }) => otherPhoto, (otherPhoto, { photo }) => {
    if (previous && previous !== photo) URL.revokeObjectURL(previous.url) // after a swap, the page has it
    previous = otherPhoto
  })
  return h('div', { class: 'choices' }, h('fieldset', {}, h('legend', {}, 'Right side'),
    h('span', {}, h('label', { for: 'other-model' }, 'Model'), ' ', model), precisionField, h('span', { class: 'photos' }, choose, file, same, example), swap), hint)

  async function open (blob: Blob, name: string, isExample = false): Promise<void> {
    const turn = ++opened
    const otherPhoto = await actions.attempt(() => actions.read(blob, name), () => turn === opened)
    if (turn !== opened) return otherPhoto && URL.revokeObjectURL(otherPhoto.url)
    store.set(otherPhoto ? { otherPhoto, otherExample: isExample } : { otherExample: false })
  }

  async function openExample (): Promise<void> {
    const blob = await actions.attempt(async () => await (await server.get(`page/${EXAMPLE}`)).blob())
    if (blob) await open(blob, EXAMPLE, true)
    else store.set({ otherExample: false })
  }

  function openChosen (): void {
    const chosen = file.files?.[0]
    file.value = ''
    if (chosen) open(chosen, chosen.name)
  }

  function openDropped (event: DragEvent): void {
    const dropped = event.dataTransfer?.files[0]
    if (!dropped || !store.get().photo) return // the first photo belongs to the page
    event.preventDefault()
    event.stopPropagation()
    open(dropped, dropped.name)
  }
}

function hintFor ({ photo }: State): string {
  return photo ? 'Choose another model, precision or photo for the right side. The left side stays as it is.' : 'Open a photo first.'
}

function modelOptions ({ models, model, other }: State): HTMLElement[] {
  const left = modelOf({ models }, model)?.name
  const others = models.filter(({ name, task }) => task !== 'classify' && (name !== left || name === other))
  const unlisted = other !== undefined && !others.some(({ name }) => name === other)
  return [
    option('', 'Same model', other),
    ...others.map(({ name, state }) => option(name, state === 'ready' ? name : `${name} (${state})`, other)),
    ...unlisted ? [option(other, other, other)] : []
  ]
}

function precisionOptions (state: State): HTMLElement[] {
  const { left, right } = sidesOf(state)
  const { otherPrecision } = state
  const precisions = modelOf(state, right.model)?.precisions ?? []
  return [
    option('', left.model === right.model ? 'As on the left' : 'Default', otherPrecision),
    ...precisions.map(precision => option(precision, precision, otherPrecision))
  ]
}

const option = (value: string, text: string, chosen: string | undefined): HTMLElement =>
  h('option', { value, selected: value === (chosen ?? '') }, text)
