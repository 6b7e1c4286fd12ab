import t from 'tap'
import { readOwnConfig } from '../../../models/files/own-config.ts'
import { writeConfig } from '../../../models/files/write-config.ts'
import { CLASSIFIERS } from '../../../models/architectures.ts'
import type { ModelConfig } from '../../../models/config.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'

for (const [name, { weights, published, ...config }] of REGISTRY) {
  t.test(`${name} is described completely`, async t => {
    t.same(readOwnConfig(writeConfig({ kind: 'detector', config }), name), { kind: 'detector', config })
  })
}

t.test('parts with activations of their own', async t => {
  const { weights, published, ...plain } = SMALL
  const config: ModelConfig = { ...plain, input: { width: 96, height: 64 }, acts: { backbone: 'ReLU', head: 'SiLU' } }
  t.same(readOwnConfig(writeConfig({ kind: 'detector', config }), 'small'), { kind: 'detector', config })
})

for (const { name } of CLASSIFIERS) {
  t.test(`a classifier of ${name} is described completely`, async t => {
    const file = { task: 'classify', backbone: { name, width: name.startsWith('shuffle') ? '0.5x' : 0.5, ...name === 'shufflenetv1' && { groups: 8 } }, classes: 10 }
    const read = readOwnConfig(JSON.stringify(file), 'kinds')
    if (read.kind !== 'classifier') throw new Error('expected a classifier')
    t.same(readOwnConfig(writeConfig(read), 'kinds'), read)
  })
}

t.test('a key takes a line', async t => {
  const text = writeConfig({ kind: 'classifier', config: SMALL_CLASSIFIER })
  t.match(text, /^\{\n {2}"task": "classify",\n {2}"backbone": \{"name":"shufflenetv2","width":"0\.5x"\},\n/)
  t.match(text, /\n {2}"labels": \["cat","dog","cow"\]\n\}\n$/)
})
