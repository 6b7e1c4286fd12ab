import t from 'tap'
import { createStore } from '../../../../server/page/logic/store.ts'

t.test('watchers are called at once, and when what they watch has changed', async t => {
  const store = createStore({ score: 0.35, name: 'a' })
  const seen: unknown[] = []
  store.watch(({ score }) => score, score => seen.push(score))
  store.set({ name: 'b' })
  store.set({ score: 0.5 })
  store.set({ score: 0.5 })
  t.same(seen, [0.35, 0.5])
  t.same(store.get(), { score: 0.5, name: 'b' })
})

t.test('a list counts as changed when one of its items has', async t => {
  const store = createStore({ score: 1, max: 2, name: 'a' })
  const seen: unknown[] = []
  store.watch(({ score, max }) => [score, max], ([score, max], { name }) => seen.push([score, max, name]))
  store.set({ name: 'b' })
  store.set({ max: 3 })
  t.same(seen, [[1, 2, 'a'], [1, 3, 'b']])
})
