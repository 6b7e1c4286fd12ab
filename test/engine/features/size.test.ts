import t from 'tap'
import { estimateBytes } from '../../../engine/features/size.ts'
import type { Rendering } from '../../../engine/results.ts'
import { chooseLayers } from '../../../models/choose-layers.ts'
import { listLayers } from '../../../models/layers.ts'
import { MODEL } from '../../support/built-in.ts'

const layers = chooseLayers('stage2,head', listLayers(MODEL, true))
const rendering: Rendering = { format: 'npz', values: false, channels: 10, reduce: 'l2' }

t.test('arrays are counted, the rest is judged', async t => {
  const raw = 4 * (116 * 52 * 52 + 3549 * 112)
  for (const format of ['npz', 'npy', 'safetensors'] as const) t.equal(estimateBytes(layers, { ...rendering, format }), raw)
  const maps = estimateBytes(layers, { ...rendering, format: 'maps' })
  t.ok(maps > 4 * 52 * 52 && maps < 4 * 52 * 52 + 1000)
  t.ok(estimateBytes(layers, { ...rendering, format: 'json' }) < 10_000)
  t.ok(estimateBytes(layers, { ...rendering, format: 'json', values: true }) > raw * 3)
  t.ok(estimateBytes(layers, { ...rendering, format: 'png' }) < estimateBytes(layers, { ...rendering, format: 'png', channels: 64 }))
  t.equal(estimateBytes(layers, { ...rendering, format: 'overlay' }), estimateBytes(layers, { ...rendering, format: 'report' }))
})
