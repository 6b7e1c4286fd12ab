import t from 'tap'
import { modelProblem, readArtifact } from '../../cli/read-model.ts'
import { findArtifact } from '../../cli/target.ts'
import { ownModels } from '../support/own-models.ts'

t.test('weights are read', async t => {
  const { folder } = ownModels(t)
  t.match(await readArtifact(await findArtifact({})), { kind: 'detector', stateDict: { folded: true } })
  t.match(await readArtifact(await findArtifact({ model: `${folder}/small.yml` })), { kind: 'detector', config: { name: 'small' } })
  t.match(await readArtifact(await findArtifact({ model: `${folder}/graph.onnx` })), { kind: 'opaque' })
})

t.test('a checkpoint that does not fit is named with the model that was tried', async t => {
  const { folder } = ownModels(t)
  const weights = `${folder}/small.ckpt`
  await t.rejects(readArtifact(await findArtifact({ weights })),
    { name: 'CommandError', message: /^small\.ckpt: .*; read as nanodet-m-416: name its model with --model$/ })
  await t.rejects(readArtifact(await findArtifact({ weights: 'none.ckpt' })),
    { name: 'CommandError', message: 'none.ckpt: no such file or directory' })
})

t.test('only for models of the registry', async t => {
  const { folder } = ownModels(t)
  t.equal(modelProblem(await findArtifact({}), 'broken'), 'broken')
  t.equal(modelProblem(await findArtifact({ model: `${folder}/small.yml` }), 'broken'), 'broken')
})
