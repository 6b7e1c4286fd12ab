import t from 'tap'
import { S3Store } from '../../../bulk/outputs/s3-store.ts'
import { gather } from '../../support/gather.ts'
import { startS3, type S3Server } from '../../support/s3-server.ts'

let server: S3Server
t.before(async () => { server = await startS3(['out']) })
t.teardown(async () => await server.close())

const text = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => Buffer.concat(await gather(chunks)).toString()
const open = async (name: string, attempts = 3) => await S3Store.open(name, { endpoint: server.endpoint, attempts })

t.test('writes, reads, lists and removes objects', async t => {
  const store = await open('s3://out/a run')
  t.equal(store.name, 's3://out/a run')
  t.same(await gather(store.list('')), [])
  server.faults.push({ match: /PUT .*run.json/, kind: 500, times: 1 })
  await store.write('run.json', '{}')
  await store.write('shards/2 +å.jsonl', Buffer.from('0123456789'))
  await store.stream('shards/1', (async function * () { yield * ['a', Buffer.from('b')] })())
  t.equal(await text(store.read('run.json')), '{}')
  t.equal(await text(store.read('shards/2 +å.jsonl', { start: 8, bytes: 5 })), '89')
  t.equal(await text(store.read('shards/2 +å.jsonl', { start: 10, bytes: 5 })), '', 'after its end')
  t.same(await gather(store.list('shards/')), ['shards/1', 'shards/2 +å.jsonl'])
  t.same([await store.exists('run.json'), await store.exists('none')], [true, false])
  await store.remove('run.json')
  t.same(await gather((await open('s3://out')).list('')), ['a run/shards/1', 'a run/shards/2 +å.jsonl'])
  await store.close()
})

t.test('a stream that fails writes nothing', async t => {
  const store = await open('s3://out/fails/')
  async function * pieces (): AsyncGenerator<string> {
    yield 'x'
    throw new TypeError('of the source')
  }
  await t.rejects(store.stream('a', pieces()), { name: 'TypeError', message: 'of the source' })
  t.same(await gather(store.list('')), [])
  await store.close()
})

t.test('problems are one line', async t => {
  await t.rejects(S3Store.open('s3:/out'), { name: 'SourceError', message: 's3:/out: expected s3://BUCKET/FOLDER' })
  const store = await open('s3://none/x', 1)
  const rejects = (promise: Promise<unknown>, message: string) => t.rejects(promise, { name: 'SourceError', message })
  await rejects(store.write('a', ''), 's3://none/x/a: no such bucket')
  await rejects(store.stream('a', (async function * () { yield 'a' })()), 's3://none/x/a: no such bucket')
  await rejects(text(store.read('a')), 's3://none/x/a: no such bucket')
  await rejects(gather(store.list('')), 's3://none/x/: no such bucket')
  server.faults.push({ match: /(HEAD|DELETE) \/none/, kind: 500, times: 2 })
  await rejects(store.exists('a'), 's3://none/x/a: the server answered 500')
  await rejects(store.remove('a'), 's3://none/x/a: the server answered 500 InternalError')
  await store.close()
})
