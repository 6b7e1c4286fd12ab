import t from 'tap'
import { cutShards, shardPath, type Shard } from '../../../bulk/queue/shard.ts'
import { allOf } from '../../support/all-of.ts'

async function * inPieces (text: string, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < text.length; i += size) yield Buffer.from(text.slice(i, i + size))
}

const shardsOf = async (text: string, lines: number, piece = 1000): Promise<Shard[]> => await allOf(cutShards(inPieces(text, piece), lines))

t.test('shards are runs of lines', async t => {
  const lines = ['a\n', 'bcd\n', 'ef\n', 'g\n', 'hijk\n']
  const text = lines.join('')
  const shards = await shardsOf(text, 2)
  t.strictSame(shards, [
    { number: 0, offset: 0, bytes: 6, count: 2 },
    { number: 1, offset: 6, bytes: 5, count: 2 },
    { number: 2, offset: 11, bytes: 5, count: 1 }
  ])
  t.strictSame(shards.map(({ offset, bytes }) => text.slice(offset, offset + bytes)), ['a\nbcd\n', 'ef\ng\n', 'hijk\n'])
  for (const piece of [1, 2, 3, 7]) t.strictSame(await shardsOf(text, 2, piece), shards, `read in pieces of ${piece}`)
})

t.test('the last shard may be full, and there may be none', async t => {
  t.strictSame(await shardsOf('a\nb\n', 2), [{ number: 0, offset: 0, bytes: 4, count: 2 }])
  t.strictSame(await shardsOf('', 2), [])
})

t.test('names of shards sort by number', async t => {
  t.equal(shardPath(12), 'shards/000012.jsonl')
  t.equal(shardPath(1_234_567), 'shards/1234567.jsonl')
})
