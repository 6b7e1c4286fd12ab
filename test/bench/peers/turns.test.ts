import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { cpuStopwatch, meanOf } from '../../../bench/peers/turns.ts'
import { photo } from '../../support/files.ts'

const TURNS = fileURLToPath(new URL('../../../bench/peers/turns.js', import.meta.url)) // the tests run compiled, in dist/test

t.test('a line once ready, and one per turn, of the next photos', async t => {
  const folder = t.testdir({ 'a.jpg': 'a', 'b.jpg': 'bbb' })
  const photos = ['a.jpg', 'b.jpg'].map(name => ({ path: `${folder}/${name}` }))
  const program = `const { answerTurns } = await import(${JSON.stringify(TURNS)})
    await answerTurns({ photos: ${JSON.stringify(photos)} }, { versions: { x: '1' } }, async bytes => ({ all: bytes.length }))`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { input: '1\n1\n2\n', encoding: 'utf8' })
  t.same([stderr, status], ['', 0])
  t.same(stdout.trim().split('\n').map(line => JSON.parse(line)), [{ versions: { x: '1' } }, { all: 1 }, { all: 3 }, { all: 2 }])
})

t.test('the mean of each part', async t => {
  t.same(meanOf([{ network: 1, boxes: 4 }, { network: 3, boxes: 4 }]), { network: 2, boxes: 4 })
})

t.test('CPU time since the previous reading', async t => {
  const clock = cpuStopwatch()
  const end = performance.now() + 50
  while (performance.now() < end) photo('sample-me.jpg')
  const busy = clock()
  t.ok(busy > 5, String(busy))
  t.ok(clock() < busy)
})
