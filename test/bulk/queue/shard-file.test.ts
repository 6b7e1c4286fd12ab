import t from 'tap'
import { FolderStore } from '../../../bulk/outputs/folder-store.ts'
import { canChange, notProcessed, readShard, writeShard } from '../../../bulk/queue/shard-file.ts'
import { doneLine, failedLine } from '../../support/shards.ts'

const items = ['a', 'b'].map(name => ({ name, stamp: 's' }))

t.test('a shard is read as it was written', async t => {
  const store = new FolderStore(t.testdir())
  const lines = [doneLine('a', 'x'), failedLine('b', 'UNREADABLE')]
  t.equal(await readShard(store, 5, items), undefined)
  await writeShard(store, 5, lines)
  t.strictSame(await readShard(store, 5, items), lines)
  t.equal(await readShard(store, 5, [...items].reverse()), undefined)
  t.equal(await readShard(store, 5, items.map(item => ({ ...item, stamp: 'changed' }))), undefined)
  t.equal(await readShard(store, 5, [...items, { name: 'c', stamp: 's' }]), undefined)
})

t.test('some failures can end otherwise', async t => {
  t.strictSame([doneLine('a'), failedLine('a', 'CORRUPT_IMAGE'), notProcessed(items[0]!, 'why')].map(canChange), [false, false, true])
})
