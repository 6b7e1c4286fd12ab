import t from 'tap'
import sharp from 'sharp'
import { confusionSvg } from '../../../cli/eval/confusion-plot.ts'

t.test('a square per count, the darker the larger its share of the row', async t => {
  const svg = confusionSvg('mine', { labels: ['cat', 'dog'], counts: [[3, 1], [0, 2]] })
  t.match(svg, '<title>cat as dog: 1</title>')
  t.notMatch(svg, '<title>dog as cat')
  t.match(svg, /fill="#3f87d0" fill-opacity="0\.79"/, 'hits')
  t.match(svg, /fill="#d0703f" fill-opacity="0\.36"/, 'errors')
  const { format, width } = await sharp(Buffer.from(svg)).metadata()
  t.equal(format, 'svg')
  t.ok(width > 300, 'room for its explanation')
})

t.test('no numbers if there are many classes; a matrix of nothing', async t => {
  const labels = Array.from({ length: 31 }, (_, i) => `c${i}`)
  const svg = confusionSvg('mine', { labels, counts: labels.map((_, i) => labels.map((_, j) => i === j ? 1234 : 0)) })
  t.notMatch(svg, '>1234<')
  t.match(confusionSvg('mine', { labels: [], counts: [] }), '</svg>')
})
