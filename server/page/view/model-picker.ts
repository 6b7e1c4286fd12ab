import { modelOptions } from '../logic/model-options.ts'
import type { App } from './app-context.ts'
import { byId, h } from './dom.ts'

/** Milliseconds between attempts to get the first list: a server that starts has none yet. */
const RETRY = 2000

/** The models with their states. Choosing one explains the photo again; opening the list reads the states again. */
export function mountModelPicker ({ store, server, actions }: App): void {
  const select = h('select', { id: 'model', disabled: true, onchange: choose, onfocus: refresh, onpointerdown: refresh })
  byId('model-picker').append(h('label', { for: 'model' }, 'Model'), select)
  let isRefreshing = false
  store.watch(({ models, model }) => [models, model], (_, { models, model }) => {
    const byDefault = models.find(candidate => candidate.default)?.name
    fill()
    select.disabled = models.length === 0
    select.value = model ?? byDefault ?? ''
  })
  store.watch(({ needsKey }) => needsKey, needsKey => { if (!needsKey) refresh() })

  async function refresh (): Promise<void> {
    if (isRefreshing) return
    isRefreshing = true
    const isFirst = store.get().models.length === 0
    const list = server.models()
    const models = await (isFirst ? actions.attempt(() => list) : list.catch(() => undefined)) // the status shows later failures
    isRefreshing = false
    if (!models?.length && !store.get().needsKey) setTimeout(refresh, RETRY)
    if (models && JSON.stringify(models) !== JSON.stringify(store.get().models)) store.set({ models })
    const { model } = store.get()
    if (models && model !== undefined && !models.some(({ name }) => name === model)) {
      store.set({ problem: `This server has no model named ${model}: choose another` })
    }
  }

  /** Changes texts in place, so that an open list stays open. */
  function fill (): void {
    const options = modelOptions(store.get().models)
    if (options.length !== select.options.length) select.replaceChildren(...options.map(() => h('option')))
    for (const [i, { name, text, reason }] of options.entries()) {
      Object.assign(select.options[i]!, { value: name, text, disabled: reason !== undefined, title: reason ?? '' })
    }
  }

  function choose (): void {
    const { models } = store.get()
    const chosen = models.find(({ name }) => name === select.value)
    const { expected, precision } = store.get()
    store.set({
      model: chosen?.default ? undefined : chosen?.name,
      selected: undefined,
      layer: undefined,
      expected: chosen?.labels?.find(label => label === expected),
      precision: chosen?.precisions.find(other => other === precision)
    })
    actions.explain()
  }
}
