import t from 'tap'
import sharp from 'sharp'
import { precisionRecallSvg } from '../../../cli/eval/precision-recall-plot.ts'

const at = (value: number) => Array.from({ length: 10 }, () => Array<number>(101).fill(value))
const score = (name: string, value: number) => {
  const own = { AP: value, AP50: value, AP75: value, AR100: 1, precision: at(value), recall: Array<number>(10).fill(1) }
  return { category: { id: name, name }, objects: 1, ...own }
}

t.test('draws each class and the means', async t => {
  const svg = precisionRecallSvg('mine', [score('cat', 0.25), score('dog & cow', 0.75)])
  t.match(svg, '<title>dog &amp; cow</title>')
  t.match(svg, 'IoU 0.50: 0.500')
  t.equal(svg.match(/<polyline/g)!.length, 2 + 3)
  t.match(svg, 'points="60,235 64.7,235', 'half way up')
  t.match(await sharp(Buffer.from(svg)).metadata(), { format: 'svg', width: 560, height: 480 })
})

t.test('draws axes if there is nothing to find', async t => t.match(precisionRecallSvg('mine', []), 'IoU 0.95: -1.000'))
