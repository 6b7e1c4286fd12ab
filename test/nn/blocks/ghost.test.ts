import t from 'tap'
import { relu } from '../../../nn/activations.ts'
import { ghostBottleneck, ghostModule } from '../../../nn/blocks/ghost.ts'
import { Scope, type Layer } from '../../../nn/scope.ts'
import { input } from '../../../nn/tensor.ts'
import { run } from '../../support/run.ts'
import { seededFloats, seededWeights } from '../../support/seeded.ts'

const x = input('x', [1, 8, 16, 16])
const image = { dims: [1, 8, 16, 16], data: seededFloats('image', 8 * 256, u => 4 * u - 2) }

/** Names of the layers that have weights, and the shapes of these. */
function layers (layer: Layer): Record<string, string> {
  const scope = Scope.root(seededWeights)
  layer(x, scope)
  const weights = [...scope.params].filter(([name]) => name.endsWith('.weight'))
  return Object.fromEntries(weights.map(([name, { shape }]) => [name.replace(/\.weight$/, ''), shape.join('×')]))
}

const module = (prefix: string, inChannels: number, out: number) => ({
  [`${prefix}primary_conv.0`]: `${out / 2}×${inChannels}×1×1`,
  [`${prefix}primary_conv.1`]: `${out / 2}`,
  [`${prefix}cheap_operation.0`]: `${out / 2}×1×3×3`,
  [`${prefix}cheap_operation.1`]: `${out / 2}`
})
const shortcut = (kernel: number) =>
  ({ 'shortcut.0': `8×1×${kernel}×${kernel}`, 'shortcut.1': '8', 'shortcut.2': '12×8×1×1', 'shortcut.3': '12' })

t.test('ghostModule: half of the channels are computed from all, half from that half', async t => {
  t.same(layers(ghostModule(12, relu)), module('', 8, 12))
  const scope = Scope.root(seededWeights)
  const y = ghostModule(12, relu)(x, scope)
  const { y: all, half } = await run({ y, half: scope.taps.get('primary_conv')! }, { x: image })
  t.same(all!.dims, [1, 12, 16, 16])
  t.same(all!.data.slice(0, 6 * 256), half!.data)
  t.ok(all!.data.every(value => value >= 0))
})

t.test('ghostBottleneck: GhostPAN\'s has a shortcut where the number of channels changes', async t => {
  const block = ghostBottleneck(16, 12, { kernel: 5, act: relu })
  t.same(layers(block), { ...module('ghost1.', 8, 16), ...module('ghost2.', 16, 12), ...shortcut(5) })
  t.same(block(x, Scope.root(seededWeights)).shape, [1, 12, 16, 16])
})

t.test('ghostBottleneck: where nothing changes, the input itself is added', async t => {
  const block = ghostBottleneck(16, 8, { act: relu })
  t.same(layers(block), { ...module('ghost1.', 8, 16), ...module('ghost2.', 16, 8) })
  const scope = Scope.root(seededWeights)
  const { y, branch } = await run({ y: block(x, scope), branch: scope.taps.get('ghost2')! }, { x: image })
  t.same(y!.data, branch!.data.map((value, i) => value + image.data[i]!))
  t.ok(y!.data.some(value => value < 0), 'no activation at the end')
})

t.test('ghostBottleneck: the backbone\'s has a stride and squeeze-excite', async t => {
  const block = ghostBottleneck(16, 12, { kernel: 3, stride: 2, withSe: true, act: relu })
  t.same(layers(block), {
    ...module('ghost1.', 8, 16),
    conv_dw: '16×1×3×3',
    bn_dw: '16',
    'se.conv_reduce': '4×16×1×1',
    'se.conv_expand': '16×4×1×1',
    ...module('ghost2.', 16, 12),
    ...shortcut(3)
  })
  t.same(block(x, Scope.root(seededWeights)).shape, [1, 12, 8, 8])
})
