import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { SourceError } from '../../../bulk/errors.ts'
import type { Item } from '../../../bulk/item.ts'
import { FolderStore } from '../../../bulk/outputs/folder-store.ts'
import { readItems, writeManifest } from '../../../bulk/queue/manifest.ts'
import { cutShards } from '../../../bulk/queue/shard.ts'
import { allOf } from '../../support/all-of.ts'

async function * many (count: number): AsyncGenerator<Item & { readonly more: string }> {
  for (let i = 0; i < count; i++) yield { name: `/photos/${i} "ä"\n.jpg`, stamp: `${i}-1`, more: 'left out' }
}

t.test('a shard is read from its range of the manifest', async t => {
  const store = new FolderStore(t.testdir())
  t.equal(await writeManifest(store, many(50_000)), 50_000)
  const shards = await allOf(cutShards(store.read('manifest.jsonl'), 20_000))
  t.strictSame(shards.map(({ count }) => count), [20_000, 20_000, 10_000])
  const items = await readItems(store, shards[2]!)
  t.equal(items.length, 10_000)
  t.strictSame(items[0], { name: '/photos/40000 "ä"\n.jpg', stamp: '40000-1' })
})

t.test('a manifest that is gone, or another one, is an error that names it', async t => {
  const folder = t.testdir()
  const store = new FolderStore(folder)
  const shard = { number: 0, offset: 0, bytes: 30, count: 1 }
  await t.rejects(readItems(store, shard), SourceError)
  await writeManifest(store, many(3))
  await t.rejects(readItems(store, shard), { name: 'SourceError', message: `${folder}/manifest.jsonl: changed since nanodet bulk plan wrote it` })
  const whole = { ...shard, bytes: readFileSync(join(folder, 'manifest.jsonl')).length }
  await t.rejects(readItems(store, whole), SourceError, 'three images instead of one')
  for (const line of ['{"name":1,"stamp":"2"}', 'no JSON']) {
    appendFileSync(join(folder, 'manifest.jsonl'), `${line}\n`)
    await t.rejects(readItems(store, { ...whole, bytes: whole.bytes + line.length + 1, count: 4 }), SourceError, line)
  }
})
