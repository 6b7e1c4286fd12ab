import { writeFileSync } from 'node:fs'
import t from 'tap'
import { S3Store } from '../../../bulk/outputs/s3-store.ts'
import { AnyReader } from '../../../bulk/sources/image-reader.ts'
import { openSources } from '../../../bulk/sources/open-sources.ts'
import { gather } from '../../support/gather.ts'
import { startS3 } from '../../support/s3-server.ts'
import { zip } from '../../support/zip-file.ts'

t.test('reads files, entries of zip files and objects of S3 by their names', async t => {
  const folder = t.testdir({ 'a.jpg': 'file' })
  writeFileSync(`${folder}/b.zip`, zip([{ name: 'c.jpg', text: 'entry' }]))
  const server = await startS3(['photos'])
  const s3 = { endpoint: server.endpoint }
  const store = await S3Store.open('s3://photos', s3)
  await store.write('d.jpg', 'object')
  const names = { file: `${folder}/a.jpg`, entry: `${folder}/b.zip!/c.jpg`, object: 's3://photos/d.jpg' }
  const { source } = await openSources([names.file, `${folder}/b.zip`, 's3://photos'], { s3 })
  const items = await gather(source.items())
  t.same(items.map(({ name }) => name), Object.values(names))
  writeFileSync(`${folder}/list.txt`, Object.values(names).join('\n'))
  t.same(await gather((await openSources([`@${folder}/list.txt`], { s3 })).source.items()), items, 'the same stamps')
  const reader = new AnyReader(s3)
  for (const [text, name] of Object.entries(names)) t.equal(Buffer.from(await reader.read(name)).toString(), text)
  await Promise.all([reader.close(), store.close()])
  await server.close()
})
