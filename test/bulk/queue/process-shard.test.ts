import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { processShard, type RunItems, type ShardContext } from '../../../bulk/queue/process-shard.ts'
import { doneLine, failedLine, planned, runBy } from '../../support/shards.ts'

const { signal } = new AbortController()
const never: RunItems = async () => { throw new Error('ran') }

t.test('writes the lines of a shard in the order of the manifest, once', async t => {
  const { store, shards: [, shard] } = await planned(t.testdir(), 6)
  const seen: string[] = []
  const watch = { begin: (name: string) => seen.push(`+${name}`), end: (name: string, failed: boolean) => seen.push(`${failed ? '!' : '-'}${name}`) }
  const run = runBy(name => name === '4' ? failedLine(name, 'UNREADABLE') : doneLine(name))
  t.strictSame(await processShard(shard!, { store, run, signal, watch }), { done: 2, UNREADABLE: 1 })
  t.strictSame(seen, ['+3', '+4', '+5', '-5', '!4', '-3'])
  const file = join(store.name, 'shards/000001.jsonl')
  t.strictSame(readFileSync(file, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line).file), ['3', '4', '5'])
  t.strictSame(await processShard(shard!, { store, run: never, signal }), { done: 2, UNREADABLE: 1 }, 'a shard that ran is not run again')
})

t.test('runs a shard anew whose file is of other images, or damaged', async t => {
  const { store, shards: [shard] } = await planned(t.testdir(), 3)
  const context: ShardContext = { store, run: runBy(name => doneLine(name)), signal }
  await processShard(shard!, context)
  const file = join(store.name, 'shards/000000.jsonl')
  const text = readFileSync(file, 'utf8')
  for (const other of [text.replace('"1"', '"7"'), text.split('\n', 2).join('\n') + '\n', 'no JSON\n', text + text]) {
    writeFileSync(file, other)
    await processShard(shard!, context)
    t.equal(readFileSync(file, 'utf8'), text)
  }
})

t.test('a retry runs only what failed for a reason that can change, and leaves images out', async t => {
  const { store, shards: [shard] } = await planned(t.testdir(), 3)
  const codes: Record<string, string> = { 0: 'CORRUPT_IMAGE', 1: 'UNREADABLE', 2: 'INFERENCE_FAILED' }
  await processShard(shard!, { store, run: runBy(name => failedLine(name, codes[name]!)), signal })
  const ran: string[] = []
  const run = runBy(name => { ran.push(name); return doneLine(name) })
  t.strictSame(await processShard(shard!, { store, run, signal, again: true, skip: ['0', '2'] }), { done: 1, CORRUPT_IMAGE: 1, NOT_PROCESSED: 1 })
  t.strictSame(ran, ['1'])
  t.strictSame(await processShard(shard!, { store, run, signal, again: true }), { done: 2, CORRUPT_IMAGE: 1 })
})

t.test('a shard that is handed back has no file', async t => {
  const { store, shards: [shard] } = await planned(t.testdir(), 3)
  const stop = new AbortController()
  const half: RunItems = async (items, onLine) => {
    const { value } = await items[Symbol.asyncIterator]().next()
    onLine(doneLine(value.name))
    stop.abort()
  }
  t.equal(await processShard(shard!, { store, run: half, signal: stop.signal }), undefined)
  t.notOk(await store.exists('shards/000000.jsonl'))
  t.strictSame(await processShard(shard!, { store, run: runBy(name => doneLine(name)), signal: stop.signal }), { done: 3 }, 'all ended in time')
})

t.test('a shard whose run was replaced meanwhile has no file', async t => {
  const { store, shards: [shard] } = await planned(t.testdir(), 3)
  const run = runBy(name => doneLine(name))
  t.equal(await processShard(shard!, { store, run, signal, isWanted: async () => false }), undefined)
  t.notOk(await store.exists('shards/000000.jsonl'))
  t.strictSame(await processShard(shard!, { store, run, signal, isWanted: async () => true }), { done: 3 })
})

t.test('errors that are not of an image leave no file', async t => {
  const { store, shards: [shard] } = await planned(t.testdir(), 3)
  await t.rejects(processShard(shard!, { store, run: never, signal }), { message: 'ran' })
  t.notOk(await store.exists('shards/000000.jsonl'))
})
