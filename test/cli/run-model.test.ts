import t from 'tap'
import { aboutFile, detectFile, withModel } from '../../cli/run-model.ts'
import { findArtifact } from '../../cli/target.ts'
import { FeaturesError, WorkerError } from '../../engine/errors.ts'
import { DEFAULT_OPTIONS } from '../../engine/options.ts'
import { photo } from '../support/files.ts'
import { ownModels } from '../support/own-models.ts'

const ONE = { workers: 1, threads: 1 }

t.test('objects in files, and failures that name the file', async t => {
  const folder = t.testdir({ 'me.jpg': photo('sample-me.jpg'), 'text.jpg': 'no photo' })
  await withModel(await findArtifact({}), 'detect', ONE, async lease => {
    const { bytes, objects, image } = await detectFile(lease, `${folder}/me.jpg`, DEFAULT_OPTIONS)
    t.match({ objects, image }, { objects: [{ label: 'person' }, { label: 'tie' }], image: { width: 700, height: 700 } })
    t.equal(bytes.compare(photo('sample-me.jpg')), 0)
    await t.rejects(detectFile(lease, `${folder}/text.jpg`, DEFAULT_OPTIONS),
      { name: 'CommandError', message: /text\.jpg: Cannot decode plain text/ })
  })
})

t.test('a model that can\'t be loaded, or does not support the task', async t => {
  const { folder } = ownModels(t)
  const never = async (): Promise<void> => { t.fail('called') }
  await t.rejects(withModel(await findArtifact({ weights: `${folder}/small.ckpt` }), 'detect', ONE, never),
    { name: 'CommandError', message: /^small\.ckpt: .*; read as nanodet-m-416: name its model with --model$/ })
  await t.rejects(withModel(await findArtifact({ model: `${folder}/kinds.json` }), 'detect', ONE, never),
    { name: 'UsageError', message: '--model: kinds does not support detect; use nanodet classify' })
  await t.rejects(withModel(await findArtifact({}), 'classify', ONE, never),
    { name: 'UsageError', message: '--model: nanodet-m-416 does not support classify; use nanodet detect, nanodet features or nanodet explain' })
})

t.test('errors about a file name it, bugs stay as they are', async t => {
  t.equal(await aboutFile('a.jpg', Promise.resolve(1)), 1)
  for (const error of [new FeaturesError('no map'), new WorkerError('no map')]) {
    await t.rejects(aboutFile('a.jpg', Promise.reject(error)), { name: 'CommandError', message: 'a.jpg: no map', cause: error })
  }
  await t.rejects(aboutFile('a.jpg', Promise.reject(new TypeError('bug'))), TypeError)
})
