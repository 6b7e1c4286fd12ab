import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { outputFiles } from '../../../cli/train/output-files.ts'
import { saveModel } from '../../../cli/train/save-model.ts'
import { safetensorsMetadata } from '../../../models/checkpoints/safetensors.ts'
import { ModelsDir } from '../../../models/files/models-dir.ts'
import { readModel } from '../../../models/kinds/kinds.ts'
import { seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'

t.test('a folder of models has the model as it was trained', async t => {
  const folder = join(t.testdir({}), 'new')
  for (const model of [seededModel({ ...SMALL, name: 'street' }), seededClassifier({ ...SMALL_CLASSIFIER, name: 'street' })]) {
    const files = outputFiles(join(folder, 'street'))
    const more = new Map([...model.stateDict.parameters, ['aux_head.scale', { shape: [1], data: Float32Array.of(1) }]])
    await saveModel(files, model, { ...model.stateDict, parameters: more }, { epochs: 3 })
    const read = await readModel(await new ModelsDir(folder).find('street'))
    t.match(read, { kind: model.kind, config: { name: 'street', labels: ['cat', 'dog', 'cow'] } })
    t.same('stateDict' in read && read.stateDict, model.stateDict)
    t.match(safetensorsMetadata(readFileSync(files.weights)), { producer: 'nanodet-server', model: 'street', training: '{"epochs":3}' })
  }
  t.same(readdirSync(folder).sort(), ['street.json', 'street.safetensors'])
})

t.test('the calibration table of other weights is removed', async t => {
  const folder = t.testdir({ 'street.calibration.json': '{}', 'other.calibration.json': '{}' })
  const { kind, config, stateDict } = seededClassifier(SMALL_CLASSIFIER)
  await saveModel(outputFiles(join(folder, 'street')), { kind, config }, stateDict, {})
  t.same(readdirSync(folder).sort(), ['other.calibration.json', 'street.json', 'street.safetensors'])
})

t.test('if a file can\'t be written, none is', async t => {
  const folder = t.testdir({ '.street.json': {} })
  const { kind, config, stateDict } = seededClassifier(SMALL_CLASSIFIER)
  await t.rejects(saveModel(outputFiles(join(folder, 'street')), { kind, config }, stateDict, {}), { name: 'CommandError' })
  t.same(readdirSync(folder), ['.street.json'])
})
