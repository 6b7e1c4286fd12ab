import t from 'tap'
import { curvePlot } from '../../../../cli/train/report/curve-plot.ts'
import { BLUE } from '../../../../cli/eval/svg-plot.ts'

const plot = (points: ReadonlyArray<readonly [number, number]>, atLeast?: number) =>
  curvePlot([{ name: 'loss', color: BLUE, points }], { title: 'Loss', over: 'steps', ...atLeast !== undefined && { atLeast } })
const pointsOf = (svg: string): string[] => /points="([^"]*)"/.exec(svg)![1]!.split(' ').filter(Boolean)

t.test('axes from 0 to a round number', async t => {
  const svg = plot([[1, 0.5], [2, 0.23], [3, 1.3]])
  t.match(svg, /^<svg xmlns.*>1\.5<\/text>/s)
  t.match(svg, /text-anchor="middle">3<\/text>/)
  t.same(pointsOf(svg), ['212,186', '366,223.8', '520,74'])
  t.match(plot([[1, 0.2]], 1), /text-anchor="end">1<\/text>/)
})

t.test('one point is a dot; gaps are left out; none is an empty plot', async t => {
  t.match(plot([[1, 0.5], [2, NaN]]), '<circle cx="520.0" cy="46.0" r="3"')
  t.same(pointsOf(plot([])), [])
})

t.test('many points are averaged', async t => {
  const points = Array.from({ length: 1000 }, (_, i) => [i + 1, i % 3] as const)
  t.equal(pointsOf(plot(points)).length, 334)
})
