import t from 'tap'
import { openStore } from '../../../bulk/outputs/open-store.ts'

t.test('a folder or a bucket is a store', async t => {
  const folder = t.testdir({ 'a.txt': '' })
  const store = await openStore(folder)
  t.equal(store.name, folder)
  t.ok(await store.exists('a.txt'))
  await store.close()
  const bucket = await openStore('s3://bucket/folder', { region: 'eu-west-1' })
  t.equal(bucket.name, 's3://bucket/folder')
  await bucket.close()
})
