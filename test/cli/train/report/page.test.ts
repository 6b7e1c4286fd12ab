import t from 'tap'
import { figure, list, page, pairs, paragraph, preformatted, row, section, table } from '../../../../cli/train/report/page.ts'

const ODD = '<script>"&\''
const ESCAPED = '&lt;script&gt;&quot;&amp;&#39;'

t.test('texts are escaped everywhere', async t => {
  const html = page(ODD, [
    section(ODD, [paragraph(ODD), preformatted(ODD), list([ODD]), table([ODD, 'count'], [[ODD, 3]]), row([figure(ODD, Buffer.from('x'))]), pairs(['a'])])
  ])
  t.notMatch(html, '<script')
  t.equal(html.split(ESCAPED).length - 1, 10)
})

t.test('the page may load nothing', async t => {
  const html = page('street', [])
  t.match(html, /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">/)
  t.notMatch(html, /https?:|url\(|src=|href=/)
})

t.test('numbers are on the right; what is empty is left out', async t => {
  t.equal(table(['class', 'objects'], [['star', 3]]), '<table>\n<tr><th>class</th><th class="number">objects</th></tr>\n<tr><td>star</td><td class="number">3</td></tr>\n</table>')
  t.equal(section('Nothing', []), '')
  t.equal(list([]), '')
  t.match(figure('a', Buffer.from('hello')), 'src="data:image/jpeg;base64,aGVsbG8="')
})

t.test('a column with fractions has three decimals in each row', async t => {
  const html = table(['class', 'objects', 'AP'], [['disc', 12, 0.25], ['square', 3, 0]])
  t.match(html, '<tr><td>disc</td><td class="number">12</td><td class="number">0.250</td></tr>')
  t.match(html, '<td class="number">3</td><td class="number">0.000</td>')
})
