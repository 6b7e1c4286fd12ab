import { truncateSync } from 'node:fs'
import t from 'tap'
import { readCompiled, writeCompiled } from '../../../engine/cache/compiled-file.ts'
import { COMPILED, compiledFile, findCompiled } from '../../../engine/cache/compiled-models.ts'
import { cacheKey } from '../../../engine/cache/key.ts'
import { prepareModel } from '../../../engine/models/prepare.ts'
import { builtInArtifacts, type Artifact } from '../../../models/artifact.ts'
import { BUILT_IN } from '../../support/versions.ts'

const [artifact] = builtInArtifacts()

t.test('a compiled model is what the loader makes, to the bit', async t => {
  const folder = t.testdir()
  const model = await prepareModel(artifact!)
  await writeCompiled(compiledFile(artifact!, folder), cacheKey(artifact!), model)
  const reasons: string[] = []
  const { info, parts } = (await findCompiled(BUILT_IN, reason => reasons.push(reason), folder))!
  t.same(info, model.info)
  t.same([...parts.keys()], model.parts.flatMap(({ tasks }) => tasks))
  t.equal(Buffer.compare(Buffer.concat([...parts.get('detect')!, ...parts.get('infer')!]), Buffer.concat(model.body)), 0)
  t.same(reasons, [])
})

t.test('a damaged or stale file is not used, and the reason is given', async t => {
  const folder = t.testdir()
  const file = compiledFile(artifact!, folder)
  const model = await prepareModel(artifact!)
  const reasons: string[] = []
  const find = () => findCompiled(BUILT_IN, reason => reasons.push(reason), folder)
  await writeCompiled(file, '0'.repeat(64), model)
  t.equal(await find(), undefined)
  await writeCompiled(file, cacheKey(artifact!), model)
  truncateSync(file, 4e6)
  t.equal(await find(), undefined)
  t.match(reasons, [/another build/, /damaged/])
  t.equal(await findCompiled(BUILT_IN, undefined, folder), undefined, 'without a listener')
})

t.test('there is nothing to find for a missing file, other models and unknown names', async t => {
  const fail = (reason: string) => t.fail(reason)
  t.equal(await findCompiled(BUILT_IN, fail, t.testdir()), undefined)
  t.equal(await findCompiled({ artifact: { ...artifact!, name: 'other' } }, fail), undefined)
  t.equal(await findCompiled({ directory: '/nowhere', name: 'a', precision: 'fp32' }, fail), undefined)
  t.equal(await findCompiled({ builtIn: 'unknown', precision: 'fp32' }, fail), undefined)
})

t.test('an artifact is found if its config and its files are those of the built-in model', async t => {
  const folder = t.testdir()
  await writeCompiled(compiledFile(artifact!, folder), cacheKey(artifact!), await prepareModel(artifact!))
  const find = (own: Artifact) => findCompiled({ artifact: own }, undefined, folder)
  t.ok(await find(artifact!))
  const { precision, ...unset } = artifact!
  t.ok(await find(unset))
  t.equal(await find({ ...artifact!, config: { ...artifact!.config, labels: ['cat'] } }), undefined)
  t.equal(await find({ ...artifact!, checkpoint: artifact!.calibration! }), undefined, 'other weights')
  t.equal(await find({ ...artifact!, checkpoint: '/nowhere' }), undefined)
})

t.test('precisions have files of their own', async t => {
  t.match(['fp32', 'int8'].map(precision => compiledFile(builtInArtifacts(precision as 'int8')[0]!)), [/compiled\/+nanodet-m-416-fp32\.bin$/, /-int8\.bin$/])
  await t.rejects(readCompiled(`${COMPILED}/other.bin`, 'key'), { code: 'ENOENT' })
})
