import t from 'tap'
import { runPeers, stepsOf } from '../../../bench/peers/outcomes.ts'
import type { Candidate, Peer } from '../../../bench/peers/peer.ts'
import { CommandError } from '../../../cli/errors.ts'
import { ProgressBar } from '../../../cli/progress-bar.ts'

const NO_BAR = new ProgressBar(0, { stdout: process.stdout, stderr: process.stderr, quiet: true })

/** A peer that counts its turns, and fails after some. */
function counting (name: string, closed: string[], last = Infinity): Candidate {
  let turns = 0
  const peer: Peer = {
    ready: { versions: { [name]: '1' } },
    async turn () {
      if (turns >= last) throw new CommandError('out of memory')
      return { all: ++turns }
    },
    async close () { closed.push(name) }
  }
  return { name, start: async () => peer }
}

t.test('peers in turn, after a warm-up', async t => {
  const closed: string[] = []
  const missing: Candidate = { name: 'c', start: async () => { throw new CommandError('not found') } }
  const [a, b, c] = await runPeers([counting('a', closed), counting('b', closed, 2), missing], 3, NO_BAR)
  t.same(a, { name: 'a', ready: { versions: { a: '1' } }, turns: [{ all: 2 }, { all: 3 }, { all: 4 }] })
  t.same(b, { name: 'b', ready: { versions: { b: '1' } }, turns: [], problem: 'out of memory' })
  t.same(c, { name: 'c', ready: { versions: {} }, turns: [], problem: 'not found' })
  t.same(closed, ['a', 'b'])
  t.equal(stepsOf(3, 3), 15)
})

t.test('a bug is not a problem of a peer', async t => {
  const broken: Candidate = { name: 'a', start: async () => { throw new TypeError('undefined') } }
  await t.rejects(runPeers([broken], 1, NO_BAR), { name: 'TypeError' })
})
