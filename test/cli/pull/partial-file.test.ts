import { existsSync } from 'node:fs'
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import t from 'tap'
import { PartialFile } from '../../../cli/pull/partial-file.ts'

const chunks = (...texts: string[]) => Readable.from(texts.map(text => Buffer.from(text)))

t.test('bytes and what they belong to outlive the object', async t => {
  const path = `${t.testdir({})}/a.partial`
  const partial = new PartialFile(path)
  t.equal(await partial.size(), 0)
  t.equal(await partial.state('http://a/'), undefined)
  await partial.begin({ url: 'http://a/', validator: '"1"', total: 6 })
  const counts: number[] = []
  await partial.append(chunks('ab', 'c'), count => counts.push(count))
  await new PartialFile(path).append(chunks('def'), () => {})
  t.strictSame(counts, [2, 1])
  t.equal(await partial.size(), 6)
  t.strictSame(await new PartialFile(path).state('http://a/'), { url: 'http://a/', validator: '"1"', total: 6 })
  t.equal(await partial.state('http://b/'), undefined, 'another source starts anew')
})

t.test('a new beginning drops the bytes', async t => {
  const path = `${t.testdir({ 'a.partial': 'old', 'a.partial.json': 'not JSON' })}/a.partial`
  const partial = new PartialFile(path)
  t.equal(await partial.state('http://a/'), undefined)
  await partial.begin({ url: 'http://a/' })
  t.equal(await partial.size(), 0)
  t.strictSame(await partial.state('http://a/'), { url: 'http://a/' })
})

t.test('it is moved or discarded', async t => {
  const dir = t.testdir({ 'a.ckpt': 'old' })
  const partial = new PartialFile(`${dir}/a.partial`)
  await partial.begin({ url: 'http://a/' })
  await partial.append(chunks('new'), () => {})
  await partial.moveTo(`${dir}/a.ckpt`)
  t.equal(await readFile(`${dir}/a.ckpt`, 'utf8'), 'new')
  await partial.discard()
  t.strictSame(await readdir(dir), ['a.ckpt'])
})

t.test('failures to write name the file', async t => {
  const dir = t.testdir({ file: '' })
  const message = `${dir}/file/a.partial: is a file, not a directory`
  await t.rejects(new PartialFile(`${dir}/file/a.partial`).begin({ url: 'http://a/' }), { name: 'CommandError', message })
  await t.rejects(new PartialFile(`${dir}/file/a.partial`).append(chunks('a'), () => {}), { message })
})

t.test('a full disk is reported, and an error of the source is passed on', async t => {
  const dir = t.testdir({})
  const partial = new PartialFile(`${dir}/a.partial`)
  await writeFile(partial.path, '')
  const broken = (async function * () { yield Buffer.from('a'); throw new Error('cut') })()
  await t.rejects(partial.append(broken, () => {}), { message: 'cut' })
  t.equal(await partial.size(), 1)
  if (!existsSync('/dev/full')) return // Linux has a device that is always full
  await symlink('/dev/full', `${dir}/b.partial`)
  await t.rejects(new PartialFile(`${dir}/b.partial`).append(chunks('a'), () => {}), { name: 'CommandError', message: /b\.partial: ENOSPC/ })
})
