import t from 'tap'
import { compileNetworks } from '../../../engine/tasks/compile-networks.ts'
import { Session } from '../../../engine/session.ts'
import { builtInArtifacts } from '../../../models/artifact.ts'
import { compileModel, readModel } from '../../../models/kinds/kinds.ts'
import { seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'

const isBatched = async (onnx: Uint8Array): Promise<boolean> => {
  const session = await Session.create(onnx, 1)
  await session.release()
  return session.isBatched
}

t.test('for the CPU, one network, as without any setting', async t => {
  const model = seededModel(SMALL)
  t.same(Object.keys(compileNetworks(model)), ['onnx', 'precision'])
  t.ok(Buffer.from(compileNetworks(model, { providers: ['cpu'], maxBatch: 1 }).onnx).equals(compileModel(model)))
  t.ok(await isBatched(compileNetworks(model, { maxBatch: 2 }).onnx))
  t.ok(await isBatched(compileNetworks(seededClassifier(SMALL_CLASSIFIER), { maxBatch: 2 }).onnx))
})

t.test('for devices, another one in fp32; int8 runs photos one by one', async t => {
  const model = await readModel(builtInArtifacts('int8')[0]!)
  const { onnx, precision, portable } = compileNetworks(model, { providers: ['cuda', 'cpu'], maxBatch: 8 })
  t.equal(precision, 'int8')
  t.same([await isBatched(onnx), await isBatched(portable!)], [false, true])
})

t.test('a model whose input size depends on the photo takes one photo', async t => {
  t.notOk(await isBatched(compileNetworks(seededModel({ ...SMALL, resizeMode: 'keep-ratio' }), { maxBatch: 8 }).onnx))
})
