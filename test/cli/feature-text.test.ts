import t from 'tap'
import { describeLayers, describePhoto } from '../../cli/feature-text.ts'

const rows = (text: string): string[] => text.split('\n').filter(line => line.startsWith('│'))

t.test('layers are listed with or without a short name and a stride', async t => {
  const text = describeLayers([
    { name: 'fpn.p3', alias: 'p3', shape: [1, 96, 52, 52], dtype: 'float32', stride: 8, parameters: 0 },
    { name: 'head', shape: [1, 3549, 112], dtype: 'float32', parameters: 94224 }
  ])
  t.strictSame(rows(text).slice(1), ['│ p3    │ fpn.p3 │ 1×96×52×52 │      8 │          0 │', '│       │ head   │ 1×3549×112 │        │      94224 │'])
})

t.test('a photo is described by its objects, its layers and its files', async t => {
  const layers = [
    { name: 'fpn.p3', alias: 'p3', shape: [1, 96, 52, 52], statistics: { min: -1.23456, max: 10, mean: 0.000123456, zeros: 0.5 } },
    { name: 'head', shape: [1, 3549, 112], statistics: { min: null, max: null, mean: null, zeros: null } }
  ]
  const image = { width: 700, height: 500 }
  const text = describePhoto('me.jpg', { image, detections: [{ label: 'tie', score: 0.716 }, { label: 'cat', score: 0.4 }], layers }, ['a', 'b'])
  t.match(text, /^me\.jpg: 700×500, tie 0\.72, cat 0\.40\n┌/)
  t.strictSame(rows(text).slice(1).map(row => row.replaceAll(/ +/g, ' ')),
    ['│ p3 │ fpn.p3 │ 1×96×52×52 │ -1.23 │ 10 │ 0.000123 │ 50.0 % │', '│ │ head │ 1×3549×112 │ – │ – │ – │ – │'])
  t.match(text, /┘\nwrote a\nwrote b\n$/)
  t.match(describePhoto('me.jpg', { image, detections: [], layers }, []), /^me\.jpg: 700×500, no objects\n/)
})
