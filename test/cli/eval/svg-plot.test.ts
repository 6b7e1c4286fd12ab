import t from 'tap'
import { label, line, polyline, svgFile, tenths, titled } from '../../../cli/eval/svg-plot.ts'

t.test('elements of a plot', async t => {
  t.equal(tenths(1.26), 1.3)
  t.match(line(0, 1, 2, 3), '<line x1="0" y1="1" x2="2" y2="3"')
  t.match(polyline([[0, 1.23], [2, 3]], '#fff', 2), 'points="0,1.2 2,3" fill="none" stroke="#fff" stroke-width="2" stroke-opacity="1"')
  t.equal(label(1, 2, 'a < b', 'end', 'fill="red"'), '<text x="1" y="2" text-anchor="end" fill="red">a &lt; b</text>')
  t.equal(titled('"', '<g/>'), '<g><title>&quot;</title><g/></g>')
  t.match(svgFile(10, 20, [label(0, 0, 'x')]), /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 10 20"[^]*<text x="0" y="0" text-anchor="start">x<\/text>\n<\/svg>\n$/)
})
