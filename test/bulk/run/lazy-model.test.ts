import t from 'tap'
import { LazyModel } from '../../../bulk/run/lazy-model.ts'
import { specOf } from '../../../bulk/run/spec-of.ts'
import { findArtifact } from '../../../cli/target.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { ownModels } from '../../support/own-models.ts'

t.test('the model is loaded for the first image, and not before', async t => {
  const { folder } = ownModels(t)
  const artifact = await findArtifact({ model: `${folder}/small.yml` })
  const spec = await specOf(artifact, DEFAULT_OPTIONS, { draw: false, crop: false, features: [] })
  const model = new LazyModel(artifact, spec, { workers: 1 })
  t.equal(model.name, 'small')
  await Promise.all([1, 2].map(() => t.rejects(model.find(Buffer.from('text')), { name: 'ImageError' })))
  await model.close()
  await new LazyModel(artifact, spec, { workers: 1 }).close()
  const lost = new LazyModel({ ...artifact, checkpoint: `${folder}/none.ckpt` }, spec, { workers: 1 })
  await t.rejects(lost.find(Buffer.from('text')), { name: 'ModelLoadError' })
  await lost.close()
})
