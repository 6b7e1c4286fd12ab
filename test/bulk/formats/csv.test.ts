import t from 'tap'
import { csv } from '../../../bulk/formats/csv.ts'
import { convert, LINES, linesOf, resultLine, TIE } from '../../support/bulk-lines.ts'

const HEADER = 'file,label,class_id,score,x1,y1,x2,y2'

t.test('a row for each object', async t => {
  const { read, notes } = await convert(t, csv, LINES)
  t.same(read('results.csv').split('\r\n'), [
    HEADER,
    'a/1.jpg,person,0,0.824235,46.6957,64.9256,695.603,698.4755',
    'a/1.jpg,tie,1,0.711906,258.0717,535.7818,358.8162,700',
    'a.zip!/a/1.jpg,tie,1,0.711906,258.0717,535.7818,358.8162,700',
    ''
  ])
  t.same(notes, [])
})

t.test('names with commas and quotes stay one field, and none is a formula', async t => {
  const names = ['a, "b"\n.jpg', '=HYPERLINK("x").jpg', '-1.jpg']
  const { read } = await convert(t, csv, linesOf(...names.map(name => resultLine(name, { ...TIE, label: 'a,b' }))))
  const rest = '"a,b",1,0.711906,258.0717,535.7818,358.8162,700\r\n'
  t.equal(read('results.csv'), `${HEADER}\r\n"a, ""b""\n.jpg",${rest}"./=HYPERLINK(""x"").jpg",${rest}./-1.jpg,${rest}`)
})
