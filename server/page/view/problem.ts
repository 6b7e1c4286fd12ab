import type { App } from './app-context.ts'
import { byId, h } from './dom.ts'

/** What went wrong, until the next success or until dismissed. */
export function mountProblem ({ store }: App): void {
  const bar = byId('problem')
  const dismiss = h('button', { type: 'button', onclick: () => store.set({ problem: undefined }) }, 'Dismiss')
  store.watch(({ problem }) => problem, problem => {
    bar.hidden = problem === undefined
    bar.replaceChildren(...problem === undefined ? [] : [h('p', {}, problem), dismiss])
  })
}
