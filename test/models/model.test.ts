import t from 'tap'
import { compileModel } from '../../models/model.ts'
import { compile } from '../../models/network.ts'
import { builtInArtifacts, readModel } from '../../models/artifact.ts'
import { weightsOf } from '../../models/checkpoints/state-dict.ts'

t.test('a model with its weights is all that compiling takes', async t => {
  const model = await readModel(builtInArtifacts()[0]!)
  const expected = compile(model.config, weightsOf(model.stateDict), { layers: ['head.gfl_cls.0'] })
  t.ok(Buffer.from(compileModel(model, ['head.gfl_cls.0'])).equals(expected))
  t.notOk(Buffer.from(compileModel(model)).equals(expected))
})

t.test('with ranges it detects in int8, and shows its layers as float', async t => {
  const [float, int8] = [await readModel(builtInArtifacts()[0]!), await readModel(builtInArtifacts('int8')[0]!)]
  t.ok(compileModel(int8).length < compileModel(float).length / 2)
  t.ok(Buffer.from(compileModel(int8, ['fpn.p3'])).equals(compileModel(float, ['fpn.p3'])))
})
