import t from 'tap'
import { featureFiles } from '../../cli/feature-files.ts'
import type { FileFormat } from '../../engine/results.ts'
import type { ChosenLayer } from '../../models/choose-layers.ts'

const layer = (label: string): ChosenLayer => ({ name: label, label, shape: [1, 2, 3, 3], dtype: 'float32', stride: 32, parameters: 0 })
const layers = [layer('stage2'), layer('backbone.stage3.0')]
const paths = (photos: string[], folder: string, format: FileFormat): Array<string | undefined> =>
  featureFiles(photos, folder, format, layers).flatMap(({ files }) => files.map(({ path }) => path))

t.test('pictures and npy are one file per layer, the others one file per photo', async t => {
  t.strictSame(paths(['x/a.jpg'], 'out', 'overlay'), ['out/a.stage2.overlay.jpg', 'out/a.backbone.stage3.0.overlay.jpg'])
  t.strictSame(paths(['a.jpg'], 'out', 'png'), ['out/a.stage2.channels.png', 'out/a.backbone.stage3.0.channels.png'])
  t.strictSame(paths(['a.jpg'], '.', 'npy'), ['a.stage2.npy', 'a.backbone.stage3.0.npy'])
  t.strictSame(paths(['a.jpg'], '.', 'maps'), ['a.maps.safetensors'])
  for (const format of ['npz', 'safetensors', 'json'] as const) {
    t.strictSame(paths(['a.jpg', 'b.v1.png'], 'out', format), [`out/a.features.${format}`, `out/b.v1.features.${format}`])
  }
})

t.test('every file knows its photo and its layers', async t => {
  t.strictSame(featureFiles(['a.jpg'], '.', 'npz', layers), [{ photo: 'a.jpg', files: [{ path: 'a.features.npz', layers }] }])
  t.strictSame(featureFiles(['a.jpg'], '.', 'npy', layers)[0]?.files.map(({ layers }) => layers), [[layers[0]], [layers[1]]])
  t.strictSame(featureFiles(['a.jpg'], undefined, 'json', layers), [{ photo: 'a.jpg', files: [{ layers }] }])
})

t.test('nothing is overwritten', async t => {
  t.throws(() => paths(['x/a.jpg', 'y/a.png'], 'out', 'npz'), { name: 'UsageError', message: /^--out: out\/a\.features\.npz .* twice$/ })
  t.throws(() => paths(['a.jpg', './a.stage2.overlay.jpg'], '.', 'overlay'),
    { name: 'UsageError', message: /^--out: a\.stage2\.overlay\.jpg is one of the photos/ })
})
