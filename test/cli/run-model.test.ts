import { fileURLToPath } from 'node:url'
import t from 'tap'
import { aboutFile, chooseModel, detectFile, calibrationFor, readStateDict, withModel } from '../../cli/store.ts'
import { FeaturesError, WorkerError } from '../../engine/errors.ts'
import { DEFAULT_OPTIONS } from '../../engine/options.ts'
import { REGISTRY } from '../../models/registry.ts'
import { weightsFile } from '../../models/weights.ts'
import { photo } from '../support/files.ts'

t.test('models with weights can be chosen, others are refused with those that there are', async t => {
  t.equal(chooseModel().name, 'nanodet-m-416')
  t.equal(chooseModel('nanodet-m-416').name, 'nanodet-m-416')
  for (const name of ['nanodet-m', 'yolo', '']) {
    t.throws(() => chooseModel(name), { name: 'UsageError', message: /there is nanodet-m-416$/ }, name)
  }
})

t.test('missing weights are a line that says what to do', async t => {
  const used = withModel(REGISTRY.get('nanodet-m')!, 'detect', { workers: 1, threads: 1 }, async () => t.fail('never called'))
  await t.rejects(used, { name: 'CommandError', message: /^The weights of nanodet-m are missing: npm run build/ })
})

t.test('figures come from the build or a checkpoint, and are named where they can\'t be used', async t => {
  const stateDict = await readStateDict(chooseModel(), undefined)
  t.equal(stateDict.folded, true)
  t.same(await readStateDict(chooseModel(), fileURLToPath(weightsFile(chooseModel()))), stateDict)
  await t.rejects(readStateDict(REGISTRY.get('nanodet-m')!, undefined), { name: 'CommandError', message: /^The weights of nanodet-m are missing/ })
  await t.rejects(readStateDict(chooseModel(), 'none.pth'), { name: 'CommandError', message: 'none.pth: no such file or directory' })
})

t.test('files are detected on, and named where that fails', async t => {
  const folder = t.testdir({ 'me.jpg': photo('sample-me.jpg'), 'text.jpg': 'no photo' })
  await withModel(chooseModel(), 'detect', { workers: 1, threads: 1 }, async lease => {
    const { bytes, objects, image } = await detectFile(lease, `${folder}/me.jpg`, DEFAULT_OPTIONS)
    t.match({ objects, image }, { objects: [{ label: 'person' }, { label: 'tie' }], image: { width: 700, height: 700 } })
    t.equal(bytes.compare(photo('sample-me.jpg')), 0)
    await t.rejects(detectFile(lease, `${folder}/text.jpg`, DEFAULT_OPTIONS),
      { name: 'CommandError', message: /text\.jpg: Cannot decode plain text/ })
  })
})

t.test('errors about a file name it, bugs stay as they are', async t => {
  t.equal(await aboutFile('a.jpg', Promise.resolve(1)), 1)
  for (const error of [new FeaturesError('no map'), new WorkerError('no map')]) {
    await t.rejects(aboutFile('a.jpg', Promise.reject(error)), { name: 'CommandError', message: 'a.jpg: no map', cause: error })
  }
  await t.rejects(aboutFile('a.jpg', Promise.reject(new TypeError('bug'))), TypeError)
})

t.test('a calibration table belongs to the weights of the build', async t => {
  t.match(calibrationFor('int8', chooseModel(), undefined), /nanodet-m-416\.calibration\.json$/)
  t.equal(calibrationFor('fp32', chooseModel(), 'own.pth'), undefined)
  t.throws(() => calibrationFor('int8', chooseModel(), 'own.pth'), { name: 'CommandError', message: '--precision int8: there is no calibration table for own.pth' })
  t.throws(() => calibrationFor('int8', REGISTRY.get('nanodet-m')!, undefined), { message: '--precision int8: there is no calibration table for nanodet-m' })
})
