import t from 'tap'
import { curvePlot } from '../../../../cli/train/report/curve-plot.ts'
import { BLUE, GREEN, INK, ORANGE } from '../../../../cli/eval/svg-plot.ts'

const plot = (points: ReadonlyArray<readonly [number, number]>, atLeast?: number) =>
  curvePlot([{ name: 'loss', color: BLUE, points }], { title: 'Loss', over: 'steps', ...atLeast !== undefined && { atLeast } })
const pointsOf = (svg: string): string[] => [...svg.matchAll(/points="([^"]*)"/g)].at(-1)![1]!.split(' ').filter(Boolean)

t.test('axes from 0 in round steps; counts have no fractions', async t => {
  const svg = plot([[1, 0.5], [2, 0.23], [6, 1.3]])
  const ticks = (anchor: string) => [...svg.matchAll(new RegExp(`text-anchor="${anchor}">([\\d.]+)<`, 'g'))].map(([, text]) => text)
  t.same(ticks('end'), ['0', '0.5', '1', '1.5'])
  t.same(ticks('middle'), ['0', '2', '4', '6'])
  t.same(pointsOf(svg), ['100,184.7', '150,218.9', '350,83.3'])
  t.match(plot([[1, 0.2]], 1), /text-anchor="end">1<\/text>/)
})

t.test('one point is a dot; gaps are left out; none is an empty plot', async t => {
  t.match(plot([[1, 0.5], [2, NaN]]), '<circle cx="350.0" cy="58.0" r="3"')
  t.same(pointsOf(plot([])), [])
})

t.test('curves differ without their colors; a long legend has several rows', async t => {
  const colors = [BLUE, GREEN, ORANGE, INK, BLUE, GREEN, ORANGE]
  const curves = colors.map((color, i) => ({ name: `aux_bbox${i}`, color, points: [[0, 1], [1, 2]] as const }))
  const svg = curvePlot(curves, { title: 'Loss', over: 'steps' })
  const looks = [...svg.matchAll(/stroke-dasharray="([^"]*)"><polyline .* stroke="(\S*)"/g)].map(([, dash, color]) => `${dash} ${color}`)
  t.equal(looks.length, 14, 'lines and their samples')
  t.equal(new Set(looks).size, 7)
  const height = Number(/height="(\d+)"/.exec(svg)![1])
  t.equal(height - Number(/height="(\d+)"/.exec(plot([]))![1]), 2 * 18)
})

t.test('many points are averaged', async t => {
  const points = Array.from({ length: 1000 }, (_, i) => [i + 1, i % 3] as const)
  t.equal(pointsOf(plot(points)).length, 334)
})
