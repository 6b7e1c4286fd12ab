import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readRegularFile } from '../../models/read-regular-file.ts'

t.test('a file, and a link to one', async t => {
  const folder = t.testdir({ file: 'content' })
  symlinkSync('file', join(folder, 'link'))
  t.equal((await readRegularFile(join(folder, 'file'))).toString(), 'content')
  t.equal((await readRegularFile(join(folder, 'link'), 7)).toString(), 'content')
})

t.test('pipes and devices neither block nor fill the memory', async t => {
  const folder = t.testdir({})
  execFileSync('mkfifo', [join(folder, 'pipe')])
  await t.rejects(readRegularFile(join(folder, 'pipe')), { message: 'is not a regular file' })
  await t.rejects(readRegularFile('/dev/zero'), { message: 'is not a regular file' })
})

t.test('a folder, a missing file and a file that is too large', async t => {
  const folder = t.testdir({ file: 'content' })
  await t.rejects(readRegularFile(folder), { code: 'EISDIR' })
  await t.rejects(readRegularFile(join(folder, 'none')), { code: 'ENOENT' })
  await t.rejects(readRegularFile(join(folder, 'file'), 6), { message: 'has 7 bytes, but at most 6 are allowed' })
})
