import sharp from 'sharp'
import t from 'tap'
import { formatNumber, svgDrawing, svgText } from '../../../engine/features/svg.ts'

t.test('text is escaped', async t => {
  t.match(svgText(1, 2, 'a<b>&"'), '>a&lt;b&gt;&amp;&quot;</text>')
})

t.test('text is drawn where it should be (which takes a font)', async t => {
  const { data, info } = await sharp(svgDrawing({ width: 100, height: 40 }, [svgText(90, 30, '<8>', { anchor: 'end', color: '#ff0000' })]))
    .ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  t.same([info.width, info.height], [100, 40])
  const drawn = Array.from({ length: 4000 }, (_, i) => i).filter(i => data[i * 4 + 3]! > 128)
  t.ok(drawn.length > 20)
  t.ok(drawn.every(i => i % 100 > 40 && i % 100 < 91 && i / 100 > 15 && i / 100 < 35 && data[i * 4] === 255 && data[i * 4 + 1] === 0))
})

t.test('numbers have three digits', async t => {
  t.strictSame([-0.18663, 3.3651, 0, 12345, 1e-9].map(formatNumber), ['−0.187', '3.37', '0', '12300', '1e−9'])
})
