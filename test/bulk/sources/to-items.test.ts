import t from 'tap'
import { toItems } from '../../../bulk/sources/to-items.ts'
import { gather } from '../../support/gather.ts'

t.test('stamps names in their order, some at a time', async t => {
  const names = Array.from({ length: 100 }, (_, i) => `${i}.jpg`)
  async function * groups () { yield * [names, [], ['last.jpg']] }
  let [running, most] = [0, 0]
  const items = await gather(toItems(groups(), async name => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setTimeout(resolve, Math.random() * 2))
    running--
    return `stamp of ${name}`
  }))
  t.same(items, [...names, 'last.jpg'].map(name => ({ name, stamp: `stamp of ${name}` })))
  t.equal(most, 32)
})
