import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { removeUnfinished, writeAtomically } from '../../../server/feedback/write-atomically.ts'

t.test('replaces a file in one step, from pieces', async t => {
  const folder = t.testdir({ file: 'before' })
  const path = join(folder, 'file')
  const seen: string[] = []
  await writeAtomically(path, (function * () {
    yield 'af'
    seen.push(readFileSync(path, 'utf8'))
    yield Buffer.from('ter')
  })())
  t.same(seen, ['before'], 'while it is written, readers see the earlier one')
  t.equal(readFileSync(path, 'utf8'), 'after')
  t.same(readdirSync(folder), ['file'])
})

t.test('a write that fails leaves the earlier file and nothing else', async t => {
  const folder = t.testdir({ file: 'before' })
  const broken = (function * () {
    yield 'af'
    throw new Error('torn')
  })()
  await t.rejects(writeAtomically(join(folder, 'file'), broken), { message: 'torn' })
  mkdirSync(join(folder, 'folder'))
  await t.rejects(writeAtomically(join(folder, 'folder'), ['x']), { message: /rename/ })
  await t.rejects(writeAtomically(join(folder, 'none', 'file'), ['x']), { code: 'ENOENT' })
  t.same(readdirSync(folder), ['file', 'folder'])
})

t.test('what a crash leaves is removed', async t => {
  const folder = t.testdir({ file: '', '.hidden': '' })
  writeFileSync(join(folder, '.file.4711.tmp'), 'af')
  await removeUnfinished(folder)
  t.same(readdirSync(folder), ['.hidden', 'file'])
})
