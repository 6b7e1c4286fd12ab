import { cpSync, appendFileSync } from 'node:fs'
import t from 'tap'
import { specOf } from '../../../bulk/run/spec-of.ts'
import { runKey } from '../../../bulk/run-spec.ts'
import { findArtifact } from '../../../cli/target.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { ARTIFACT } from '../../support/built-in.ts'
import { ownModels } from '../../support/own-models.ts'

const NONE = { draw: false, crop: false, features: [] }

t.test('a model\'s files count, wherever they are', async t => {
  const { folder } = ownModels(t)
  const specAt = async (path: string) => await specOf(await findArtifact({ model: path }), DEFAULT_OPTIONS, NONE)
  const spec = await specAt(`${folder}/small.yml`)
  t.match(spec, { model: 'small', weights: /^[\da-f]{64}$/, precision: 'fp32', scoreThreshold: 0.35, draw: false })
  cpSync(`${folder}/small.yml`, `${folder}/copy/small.yml`)
  cpSync(`${folder}/small.ckpt`, `${folder}/copy/small.ckpt`)
  t.equal(runKey(await specAt(`${folder}/copy/small.yml`)), runKey(spec))
  appendFileSync(`${folder}/copy/small.ckpt`, ' ')
  t.not((await specAt(`${folder}/copy/small.yml`)).weights, spec.weights)
})

t.test('the table counts in int8, the classes sorted', async t => {
  const [fp32, int8] = await Promise.all((['fp32', 'int8'] as const).map(precision =>
    specOf({ ...ARTIFACT, precision }, { ...DEFAULT_OPTIONS, classes: [7, 2, 7] }, { ...NONE, crop: true })))
  t.match([fp32, int8], [{ precision: 'fp32', classes: [2, 7], crop: true }, { precision: 'int8' }])
  t.not(fp32!.weights, int8!.weights)
})

t.test('a missing file is named', async t => {
  await t.rejects(specOf({ ...ARTIFACT, checkpoint: '/none.ckpt' }, DEFAULT_OPTIONS, NONE), { name: 'ModelFileError', message: /none\.ckpt: no such file/ })
})
