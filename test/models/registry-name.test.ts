import t from 'tap'
import { REGISTRY } from '../../models/registry.ts'
import { registryName } from '../../models/registry-name.ts'

t.test('names of files, as people and upstream write them', async t => {
  for (const name of REGISTRY.keys()) t.equal(registryName(name), name)
  for (const [file, name] of Object.entries({
    'nanodet-plus-m_416_checkpoint': 'nanodet-plus-m-416',
    'nanodet-plus-m-1.5x_320': 'nanodet-plus-m-1.5x-320',
    nanodet_m: 'nanodet-m',
    nanodet_m_416: 'nanodet-m-416',
    'nanodet_m_0.5x': 'nanodet-m-0.5x',
    'nanodet-EfficientNet-Lite0_320': 'nanodet-efficientlite0-320',
    'nanodet-RepVGG-A0_416': 'nanodet-repvgg-a0-416',
    'nanodet-t-weights': 'nanodet-t'
  })) t.equal(registryName(file), name)
  for (const file of ['nanodet', 'model_best', 'nanodet-plus-m-640', 'nanodet-m-416-mine']) t.equal(registryName(file), undefined)
})
