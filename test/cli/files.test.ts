import t from 'tap'
import { fileError, readInput, writeOutput } from '../../cli/files.ts'

t.test('an unreadable file is named', async t => {
  const folder = t.testdir({ file: 'text' })
  t.equal(String(await readInput(`${folder}/file`)), 'text')
  await t.rejects(readInput(`${folder}/none`), { name: 'CommandError', message: `${folder}/none: no such file or directory` })
  await t.rejects(readInput(folder), { name: 'CommandError', message: `${folder}: is a directory, not a file` })
  await t.rejects(readInput(`${folder}/file/x`), { name: 'CommandError', message: `${folder}/file/x: is a file, not a directory` })
})

t.test('a file is written into new directories, and named if that fails', async t => {
  const folder = t.testdir({ file: 'text' })
  await writeOutput(`${folder}/a/b/new`, Buffer.from('bytes'))
  t.equal(String(await readInput(`${folder}/a/b/new`)), 'bytes')
  await writeOutput(`${folder}/a/b/new`, 'text')
  t.equal(String(await readInput(`${folder}/a/b/new`)), 'text')
  await t.rejects(writeOutput(`${folder}/file/x`, ''), { name: 'CommandError', message: `${folder}/file/x: is a file, not a directory` })
  await t.rejects(writeOutput(folder, ''), { name: 'CommandError', message: `${folder}: is a directory, not a file` })
})

t.test('an error keeps its cause', async t => {
  const cause = new Error('broken')
  t.match(fileError('a', cause), { message: 'a: broken', cause, exitCode: 1 })
})
