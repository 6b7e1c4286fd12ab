import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { S3Store } from '../../../bulk/outputs/s3-store.ts'
import { S3Images } from '../../../bulk/sources/s3-images.ts'
import { gather } from '../../support/gather.ts'
import { startS3, type S3Server } from '../../support/s3-server.ts'

const KEYS = ['a b+c%20.jpg', 'out/drawing.jpg', 'p/.hidden/x.jpg', 'p/å日本.PNG', 'p/list.txt', 'p?x=1&y#z.jpg']
let server: S3Server
let images: S3Images
t.before(async () => {
  server = await startS3(['photos'])
  const options = { endpoint: server.endpoint, attempts: 2 }
  images = new S3Images(options)
  const store = await S3Store.open('s3://photos', options)
  for (const key of KEYS) await store.write(key, `bytes of ${key}`)
  await store.close()
})
t.teardown(async () => {
  await images.close()
  await server.close()
})

const names = async (key: string, exclude?: string): Promise<string[]> =>
  (await gather(images.items({ bucket: 'photos', key }, { exclude }))).map(({ name }) => name.replace('s3://photos/', ''))
const read = async (key: string, signal?: AbortSignal): Promise<string> => Buffer.from(await images.read({ bucket: 'photos', key }, signal)).toString()

t.test('finds images by the start of their keys', async t => {
  t.same(await names('', 's3://photos/out'), ['a b+c%20.jpg', 'p?x=1&y#z.jpg', 'p/å日本.PNG'].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
  t.same(await names('p/', 's3://other/p'), ['p/å日本.PNG'])
  t.same(await names('p/list.txt'), ['p/list.txt'], 'the key itself')
  t.same(await names('o', 'folder'), ['out/drawing.jpg'])
  t.same(await names('none'), [])
  await t.rejects(names('out', 's3://photos/out/'), { name: 'SourceError', message: /s3:\/\/photos\/out: is the place of the results, too/ })
  await t.rejects(names('', 's3://photos'), { name: 'SourceError' })
})

t.test('reads them by their names, and shows whether they changed', async t => {
  for (const key of KEYS) {
    const [item] = await gather(images.items({ bucket: 'photos', key }))
    t.equal(await read(key), `bytes of ${key}`)
    t.equal(await images.stamp({ bucket: 'photos', key }), item!.stamp)
  }
  t.equal(await images.stamp({ bucket: 'photos', key: 'none' }), '')
})

t.test('an image that can not be read fails alone', async t => {
  await t.rejects(read('none.jpg'), { name: 'UnreadableError', message: 'no such object' })
  server.faults.push({ match: /GET \/photos\/out/, kind: 503, times: 3 })
  await t.rejects(read('out/drawing.jpg'), { name: 'UnreadableError', message: 'the server asked for fewer requests' })
  t.equal(await read('out/drawing.jpg'), 'bytes of out/drawing.jpg', 'transient')
  await t.rejects(read('out/drawing.jpg', AbortSignal.abort(new Error('stopped'))), { message: 'stopped' })
})

t.test('a large object is not read', async t => {
  const large = createServer((_, response) => response.writeHead(200, { 'content-length': 2 ** 30 }).write('x'))
  large.listen(0, '127.0.0.1')
  await once(large, 'listening')
  const images = new S3Images({ endpoint: `http://127.0.0.1:${(large.address() as AddressInfo).port}` })
  await t.rejects(images.read({ bucket: 'b', key: 'k' }), { name: 'UnreadableError', message: 'has 1024 MB; at most 512 MB are read' })
  await images.close()
  large.closeAllConnections()
  large.close()
})

t.test('a bucket that can not be listed', async t => {
  await t.rejects(gather(images.items({ bucket: 'none', key: '' })), { name: 'SourceError', message: 's3://none/: no such bucket' })
  const signal = AbortSignal.abort(new Error('stopped'))
  await t.rejects(gather(images.items({ bucket: 'photos', key: '' }, { signal })), { message: 'stopped' })
  await new S3Images().close()
})
