import { randomBytes } from 'node:crypto'
import t from 'tap'
import { openS3 } from '../../../bulk/s3/client.ts'
import { download, listObjects } from '../../../bulk/s3/objects.ts'
import { upload } from '../../../bulk/s3/upload.ts'
import { gather } from '../../support/gather.ts'
import { missingOnce } from '../../support/missing-once.ts'
import { startS3 } from '../../support/s3-server.ts'

t.test('writes pieces as one object, in parts if they are many, and nothing if they fail', async t => {
  const server = await startS3(['out'])
  const s3 = await openS3({ endpoint: server.endpoint })
  const piece = randomBytes(1_000_000)
  async function * pieces (count: number, error?: Error) {
    for (let i = 0; i < count; i++) yield piece
    if (error) throw error
  }
  server.faults.push({ match: /PUT .*partNumber=1/, kind: 503, times: 1 }, { match: /PUT .*partNumber=2/, kind: 'reset', times: 1 })
  missingOnce('@aws-sdk/lib-storage')
  await t.rejects(upload(s3, { bucket: 'out', key: 'missing' }, pieces(1)), { name: 'MissingPackageError' })
  for (const count of [0, 1, 17]) {
    await upload(s3, { bucket: 'out', key: `${count}` }, pieces(count))
    t.ok(Buffer.concat(await gather(download(s3, { bucket: 'out', key: `${count}` }))).equals(Buffer.concat(Array(count).fill(piece))), `${count}`)
  }
  await t.rejects(upload(s3, { bucket: 'out', key: 'fails' }, pieces(17, new Error('of the source'))), { message: 'of the source' })
  t.same((await gather(listObjects(s3, { bucket: 'out', key: '' }))).flat().map(({ key }) => key), ['0', '1', '17'])
  t.ok(server.requests.some(line => /^DELETE \/out\/fails\?.*uploadId/.test(line)), 'parts are deleted')
  s3.client.destroy()
  await server.close()
})
