import t from 'tap'
import { chooseLayers } from '../../models/choose-layers.ts'
import { listLayers } from '../../models/layers.ts'
import { REGISTRY } from '../../models/registry.ts'
import { cpuClock } from '../support/cpu-time.ts'

const layers = listLayers(REGISTRY.get('nanodet-m-416')!, true)
const choose = (text: string) => chooseLayers(text, layers)

t.test('paths and short names, in the order requested, each layer once', async t => {
  t.same(choose('p3, backbone.stage2,stage2').map(({ name, label }) => [name, label]), [['fpn.p3', 'p3'], ['backbone.stage2', 'backbone.stage2']])
  t.same(choose('stage2').map(({ name, label, stride }) => [name, label, stride]), [['backbone.stage2', 'stage2', 8]])
})

t.test('globs', async t => {
  const names = choose('backbone.stage3.*').map(({ name }) => name)
  t.ok(names.length > 30)
  t.ok(names.every(name => name.startsWith('backbone.stage3.')))
  t.same(choose('*').length, layers.length)
  t.same(choose('pred*').map(({ label }) => label), ['pred3', 'pred4', 'pred5'])
  t.throws(() => choose('backbone.stage[3]*'), { name: 'UnknownLayerError' })
})

t.test('an unknown name comes with the nearest ones', async t => {
  t.throws(() => choose('stage9'), { message: 'unknown layer stage9; the nearest are stage2, stage3, stage4' })
  t.throws(() => choose('stage2,backbone.stage3.8'), { layer: 'backbone.stage3.8', nearest: Array } as never)
  t.throws(() => choose(' ,'), { message: /expected the name of a layer; the nearest are stem, stage2/ })
})

t.test('a very long name comes without suggestions', async t => {
  t.throws(() => choose('x'.repeat(65)), { message: `unknown layer ${'x'.repeat(65)}`, nearest: [] })
})

t.test('long lists are fast', async t => {
  const lists = {
    'stars that match nothing': '********!',
    'a long name': 'x'.repeat(15_000),
    'stars with real names between': `*${'b*a*c*k*'.repeat(500)}!`,
    'globs that match all': Array.from({ length: 256 }, (_, i) => `${'*'.repeat(i % 14 + 1)}${i % 2 === 0 ? '' : 'b*'}`).join(),
    'many names': `${'backbone.stage2,'.repeat(500)}stem`,
    'many that there are not': Array.from({ length: 500 }, (_, i) => `stage${i}`).join()
  }
  for (const [kind, list] of Object.entries(lists)) {
    const times = Array.from({ length: 3 }, () => {
      const spent = cpuClock()
      try { choose(list) } catch {}
      return spent()
    })
    t.ok(Math.min(...times) < 50, `${kind}: ${Math.min(...times).toFixed(1)} ms`)
  }
})
