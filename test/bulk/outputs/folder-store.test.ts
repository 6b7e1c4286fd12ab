import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { FolderStore } from '../../../bulk/outputs/folder-store.ts'
import { gather } from '../../support/gather.ts'

const text = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => Buffer.concat(await gather(chunks)).toString()

t.test('writes, reads, lists and removes files', async t => {
  const folder = `${t.testdir({})}/out`
  const store = new FolderStore(folder)
  t.equal(store.name, folder)
  t.same(await gather(store.list('')), [], 'not made yet')
  await store.write('run.json', '{}')
  await store.write('shards/000002.jsonl', Buffer.from('0123456789'))
  await store.write('shards/000001/x', 'å')
  await store.write('run.json', '{"a":1}')
  t.equal(await text(store.read('run.json')), '{"a":1}')
  t.equal(await text(store.read('shards/000002.jsonl', { start: 2, bytes: 3 })), '234')
  t.equal(await text(store.read('shards/000002.jsonl', { start: 8, bytes: 30 })), '89')
  t.equal(await text(store.read('shards/000002.jsonl', { start: 8, bytes: 0 })), '')
  t.same(await gather(store.list('shards/')), ['shards/000001/x', 'shards/000002.jsonl'])
  t.same(await gather(store.list('')), ['run.json', 'shards/000001/x', 'shards/000002.jsonl'])
  t.ok(await store.exists('run.json'))
  await store.remove('run.json')
  await store.remove('run.json')
  t.notOk(await store.exists('run.json'))
  await store.close()
})

t.test('a stream is written as a whole, or not at all', async t => {
  const folder = t.testdir({ 'a.txt': 'before' })
  const store = new FolderStore(folder)
  async function * pieces (error?: Error) {
    yield 'x'.repeat(300_000)
    t.equal(readFileSync(`${folder}/a.txt`, 'utf8'), 'before')
    yield * [Buffer.from('y'), 'z', '']
    if (error) throw error
  }
  await t.rejects(store.stream('a.txt', pieces(new TypeError('of the source'))), { name: 'TypeError' })
  t.same(readdirSync(folder), ['a.txt'])
  await store.stream('a.txt', pieces())
  t.equal(readFileSync(`${folder}/a.txt`, 'utf8'), `${'x'.repeat(300_000)}yz`)
  await Promise.all(['1', '2', '3'].map(async value => await store.write('same', value)))
  t.same(readdirSync(folder), ['a.txt', 'same'])
})

t.test('a file that is being written is not listed', async t => {
  const store = new FolderStore(t.testdir({ 'a.txt.0123456789ab.part': '', 'b.part': '' }))
  t.same(await gather(store.list('')), ['b.part'])
})

t.test('problems name the file', async t => {
  const folder = t.testdir({ file: '', sub: { a: '' } })
  const store = new FolderStore(folder)
  const rejects = (promise: Promise<unknown>, message: RegExp) => t.rejects(promise, { name: 'SourceError', message })
  await rejects(text(store.read('none')), /none: no such file or directory$/)
  await rejects(store.write('file/a', ''), /file\/a\..*: is a file, not a directory$|file\/a: is a file, not a directory$/)
  await rejects(store.write('sub', ''), /sub: is a directory, not a file$/)
  await rejects(gather(store.list('file/')), /file\/: is a file, not a directory$/)
  await rejects(store.remove('sub'), /sub: /)
  t.same(readdirSync(folder), ['file', 'sub'])
})
