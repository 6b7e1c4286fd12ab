import sharp from 'sharp'
import t from 'tap'
import { toSvg } from '../../bench/plot.ts'
import { level, REPORT } from '../support/bench.ts'

const svg = toSvg(REPORT)

t.test('a picture that can be drawn', async t => {
  t.match(await sharp(Buffer.from(svg)).metadata(), { format: 'svg', width: 720, height: 320 })
  t.match(svg, 'Abacus &lt;2&gt;, 2 cores')
})

t.test('higher values lie higher, and levels in a row', async t => {
  const lines = [...svg.matchAll(/points="([^"]+)"/g)].map(([, points]) => points!.split(' ').map(point => point.split(',').map(Number)))
  t.equal(lines.length, 3)
  for (const [first, second] of lines) {
    t.ok(first![0]! < second![0]!)
    t.ok(first![1]! > second![1]!)
  }
  const [p50, p95] = lines
  t.ok(p50![1]![1]! > p95![1]![1]!)
  t.ok(lines.flat().every(([, y]) => y! >= 70 && y! <= 260), 'within the axes')
})

t.test('axes in round steps, one level alone too', async t => {
  const labels = (text: string): string[] => [...text.matchAll(/text-anchor="end" >([\d.]+)</g)].map(([, label]) => label!)
  t.same(labels(svg), ['0', '50', '100', '150', '200', '0', '20', '40', '60', '80'])
  t.same(labels(toSvg({ ...REPORT, levels: [level(1, 4, 0.3)] })), ['0', '2', '4', '6', '8', '0', '0.1', '0.2', '0.3', '0.4'])
})
