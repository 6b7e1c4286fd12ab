import t from 'tap'
import { openStore } from '../../../bulk/outputs/open-store.ts'

t.test('a folder is a store', async t => {
  const folder = t.testdir({ 'a.txt': '' })
  const store = await openStore(folder)
  t.equal(store.name, folder)
  t.ok(await store.exists('a.txt'))
  await store.close()
})
