import { execFileSync } from 'node:child_process'
import { truncateSync, utimesSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { ReadBuffer } from '../../../bulk/read-buffer.ts'
import { checkSize, MAX_BYTES, readImageFile, stampOf } from '../../../bulk/sources/files.ts'

const rejects = (t: Test, name: string, message: string | RegExp) => t.rejects(readImageFile(name), { name: 'UnreadableError', message }, name)

t.test('reads a file', async t => {
  const folder = t.testdir({ 'a.jpg': 'bytes', 'empty.jpg': '' })
  t.equal(Buffer.from(await readImageFile(`${folder}/a.jpg`)).toString(), 'bytes')
  t.equal((await readImageFile(`${folder}/empty.jpg`, { signal: new AbortController().signal })).length, 0)
  await t.rejects(readImageFile(`${folder}/a.jpg`, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  await t.rejects(readImageFile(`${folder}/a.jpg`, { signal: AbortSignal.abort(new TypeError('stopped')) }), { name: 'TypeError' })
  const buffer = new ReadBuffer()
  const bytes = await readImageFile(`${folder}/a.jpg`, { buffer })
  t.equal(Buffer.from(bytes).toString(), 'bytes')
  t.equal(bytes.buffer, buffer.take(1).buffer)
  t.match(Buffer.from(await readImageFile('/proc/self/status')).toString(), /^Name:/, 'a file that states no size')
  const name = Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0xff)])
  writeFileSync(name, 'odd')
  t.equal(Buffer.from(await readImageFile(`${folder}/\udcff`)).toString(), 'odd')
})

t.test('refuses what is not a file, without waiting for it', async t => {
  const folder = t.testdir({ 'a.jpg': '' })
  execFileSync('mkfifo', [`${folder}/pipe.jpg`])
  await rejects(t, folder, 'is a directory, not a file')
  await rejects(t, `${folder}/pipe.jpg`, 'is a pipe, a socket or a device, not a file')
  await rejects(t, '/dev/zero', 'is a pipe, a socket or a device, not a file')
  await rejects(t, `${folder}/none.jpg`, 'no such file or directory')
  await rejects(t, `${folder}/a.jpg/b.jpg`, 'is a file, not a directory')
  await rejects(t, `${folder}/a\0.jpg`, 'its name contains a NUL character')
  await rejects(t, '/proc/self/mem', /^E/)
})

t.test('limits the size', async t => {
  const folder = t.testdir({ 'a.jpg': '' })
  truncateSync(`${folder}/a.jpg`, MAX_BYTES + 1)
  await rejects(t, `${folder}/a.jpg`, 'has 513 MB; at most 512 MB are read')
  checkSize(MAX_BYTES)
})

t.test('a stamp changes with the file', async t => {
  const folder = t.testdir({ 'a.jpg': 'bytes' })
  utimesSync(`${folder}/a.jpg`, 1.5, 1.5)
  t.equal(await stampOf(`${folder}/a.jpg`), '5-1500')
  t.equal(await stampOf(`${folder}/none.jpg`), '')
})
