import { rm, writeFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { findCandidates } from '../../../cli/pull/candidates.ts'
import { sha256Of, writeLockEntry } from '../../../cli/pull/models-lock.ts'
import { CLASSIFIER_JSON } from '../../support/model-files.ts'

const NAME = 'nanodet-m-0.5x'

/** A folder with a pulled model and others. Nothing reads the checkpoints. */
async function setUp (t: Test) {
  const dir = t.testdir({ [`${NAME}.ckpt`]: 'pulled', 'kinds.json': CLASSIFIER_JSON, 'kinds.pth': 'mine', 'lost.yml': '' })
  const sha256 = await sha256Of(`${dir}/${NAME}.ckpt`)
  await writeLockEntry(dir, NAME, { file: `${NAME}.ckpt`, bytes: 6, sha256, source: 'https://example.com/a' })
  return dir
}

t.test('a folder, given by either option: every model with its state', async t => {
  const dir = await setUp(t)
  await writeLockEntry(dir, 'nanodet-t', { file: 'nanodet-t.ckpt', bytes: 6, sha256: 'a'.repeat(64), source: 'https://example.com/t' })
  const expected = [
    { name: 'kinds', artifact: { kind: 'classifier' }, isLocked: undefined },
    { name: 'lost', problem: /^lost: / },
    { name: NAME, artifact: { kind: 'detector', checkpoint: `${dir}/${NAME}.ckpt` }, isLocked: true },
    { name: 'nanodet-t', problem: `${dir}/nanodet-t.ckpt is missing; nanodet models pull nanodet-t downloads it again` }
  ]
  t.match(await findCandidates({ modelsDir: dir }), expected)
  t.match(await findCandidates({ model: dir }), expected)
  await t.rejects(findCandidates({ modelsDir: `${dir}/none` }), { name: 'CommandError', message: /none: no such file or directory/ })
})

t.test('one model: its name, its config or its checkpoint', async t => {
  const dir = await setUp(t)
  const locked = [{ name: NAME, artifact: { config: { name: NAME } }, isLocked: true }]
  t.match(await findCandidates({ model: NAME, modelsDir: dir }), locked)
  t.match(await findCandidates({ model: `${dir}/${NAME}.ckpt` }), locked)
  t.match(await findCandidates({ model: `${dir}/kinds.json` }), [{ name: 'kinds', artifact: { kind: 'classifier' } }])
  t.match(await findCandidates({ model: `${dir}/kinds.pth` }), [{ name: 'kinds', artifact: { checkpoint: `${dir}/kinds.pth` } }])
  t.match(await findCandidates({ model: `${dir}/none.ckpt` }), [{ name: 'none', problem: /^none: / }])
  t.match(await findCandidates({ model: 'nanodet-t', weights: `${dir}/kinds.pth` }), [{ name: 'nanodet-t', artifact: { checkpoint: `${dir}/kinds.pth` } }])
  t.match(await findCandidates({}), [{ name: 'nanodet-m-416' }])
})

t.test('a pulled file that has changed', async t => {
  const dir = await setUp(t)
  await writeFile(`${dir}/${NAME}.ckpt`, 'changed')
  const problem = new RegExp(`^${dir}/${NAME}\\.ckpt has changed since it was pulled: SHA-256 [0-9a-f]{64}, locked [0-9a-f]{64}; nanodet models pull`)
  t.match(await findCandidates({ model: NAME, modelsDir: dir }), [{ isLocked: false, problem }])
  await rm(`${dir}/models.lock.json`)
  const [candidate] = await findCandidates({ model: NAME, modelsDir: dir })
  t.strictSame([candidate!.isLocked, candidate!.problem], [undefined, undefined])
})

t.test('errors that are not the model\'s are not hidden', async t => {
  const dir = await setUp(t)
  await writeFile(`${dir}/models.lock.json`, '{')
  await t.rejects(findCandidates({ model: `${dir}/${NAME}.ckpt` }), { name: 'CommandError', message: /not a lock file/ })
})
