import { readdir, readFile, writeFile } from 'node:fs/promises'
import t from 'tap'
import { readModelsLock, sha256Of, writeLockEntry } from '../../../cli/pull/models-lock.ts'
import { LOCK_FILE } from '../../../models/files/model-files.ts'
import { ModelsDir } from '../../../models/files/models-dir.ts'

const entry = (file: string) => ({ file, bytes: 3, sha256: 'a'.repeat(64), source: `https://example.com/${file}` })

t.test('entries are added in alphabetical order and replaced, also at the same time', async t => {
  const dir = t.testdir({})
  t.equal((await readModelsLock(dir)).size, 0)
  await Promise.all(['c', 'a', 'b'].map(model => writeLockEntry(dir, model, entry(`${model}.ckpt`))))
  await writeLockEntry(dir, 'b', entry('new.ckpt'))
  t.strictSame([...await readModelsLock(dir)], [['a', entry('a.ckpt')], ['b', entry('new.ckpt')], ['c', entry('c.ckpt')]])
  t.strictSame(await readdir(dir), [LOCK_FILE])
  t.match(await readFile(`${dir}/${LOCK_FILE}`, 'utf8'), /^{\n {2}"version": 1,\n {2}"models": {\n {4}"a": {[^]*}\n$/)
})

t.test('the file does not count as a model', async t => {
  const dir = t.testdir({})
  await writeLockEntry(dir, 'a', entry('a.ckpt'))
  t.strictSame(await new ModelsDir(dir).names(), [])
})

t.test('a file that is something else is named', async t => {
  const dir = t.testdir({})
  for (const text of ['', '{', '{"version": 2, "models": {}}', '{"version": 1, "models": {"a": {"sha256": "no"}}}']) {
    await writeFile(`${dir}/${LOCK_FILE}`, text)
    await t.rejects(readModelsLock(dir), { name: 'CommandError', message: /models\.lock\.json: not a lock file of nanodet models pull; restore it/ })
  }
  await t.rejects(readModelsLock(`${t.testdir({ 'models.lock.json': {} })}`), { message: /models\.lock\.json: is a directory/ })
})

t.test('a file that can\'t be replaced is named', async t => {
  const dir = t.testdir({ '.models.lock.json.next': {} })
  await t.rejects(writeLockEntry(dir, 'a', entry('a.ckpt')), { name: 'CommandError', message: `${dir}/${LOCK_FILE}: is a directory, not a file` })
})

t.test('SHA-256 of a file', async t => {
  const dir = t.testdir({ abc: 'abc' })
  t.equal(await sha256Of(`${dir}/abc`), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad') // FIPS 180-2, B.1
  await t.rejects(sha256Of(`${dir}/none`), { name: 'CommandError', message: `${dir}/none: no such file or directory` })
})
