import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { compileClassifier } from '../../../models/classifier.ts'
import { classifier } from '../../../models/kinds/classifier.ts'
import { safetensorsFile, seededClassifier, SMALL_CLASSIFIER as config } from '../../support/model-files.ts'

t.test('weights are read, and compiled', async t => {
  const { stateDict } = seededClassifier(config)
  const checkpoint = join(t.testdir(), 'kinds.safetensors')
  await writeFile(checkpoint, safetensorsFile(stateDict))
  const model = await classifier.read({ kind: 'classifier', name: 'kinds', checkpoint, config })
  t.same([...model.stateDict.parameters.keys()].sort(), [...stateDict.parameters.keys()].sort())
  t.ok(Buffer.from(classifier.compile(model, [])).equals(compileClassifier(config, weightsOf(stateDict))))
  t.same(classifier.layers(model), [])
})

t.test('descriptions name the backbone', async t => {
  t.same(classifier.describe(config), { backbone: 'shufflenetv2 0.5x' })
  t.notOk(classifier.summarize ?? classifier.weightsOrigin ?? classifier.takesCalibration)
})
