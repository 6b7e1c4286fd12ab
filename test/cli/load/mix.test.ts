import t from 'tap'
import { shot } from '../../../cli/load/mix.ts'

const bytes = (...values: number[]) => values.map(value => Uint8Array.of(value))
const images = { photo: bytes(1, 2, 3), garbage: bytes(4), truncated: bytes(5), huge: bytes(6, 7) }

t.test('of 40 mixed requests 2 are left, 2 are garbage, 1 is truncated and 1 is huge', async t => {
  const shots = Array.from({ length: 400 }, (_, i) => shot('mixed', i, images))
  const count = (kind: string): number => shots.filter(shot => shot.kind === kind).length
  t.same([count('photo'), count('garbage'), count('truncated'), count('huge')], [360, 20, 10, 10])
  t.equal(shots.filter(({ abortAfter }) => abortAfter !== undefined).length, 20)
  t.same(new Set(shots.filter(({ kind }) => kind === 'huge').map(({ body }) => body[0])), new Set([6, 7]), 'each in turn')
})

t.test('photos, each in turn, and nobody leaves', async t => {
  const shots = [0, 1, 2, 3].map(i => shot('photos', i, images))
  t.same(shots, [1, 2, 3, 1].map(value => ({ kind: 'photo', body: Uint8Array.of(value) })))
})

t.test('everybody leaves, after a while', async t => {
  const delays = Array.from({ length: 100 }, (_, i) => shot('aborted', i, images).abortAfter!)
  t.ok(delays.every(ms => ms >= 0 && ms < 200))
  t.ok(new Set(delays).size > 50)
})
