import t from 'tap'
import { toCsv } from '../../../server/formats/csv.ts'
import { FOUND, foundWith, NOTHING } from '../../support/found.ts'

const HEADER = 'label,class_id,score,x1,y1,x2,y2\r\n'

t.test('a header, and a row for each object', async t => {
  t.equal(toCsv(FOUND), `${HEADER}person,0,0.8242,46.7,64.93,695.6,698.48\r\ntie,27,0.7119,258.07,535.78,358.82,700\r\n`)
  t.equal(toCsv(NOTHING), HEADER)
})

t.test('what has a special character is quoted', async t => {
  const rows = toCsv(foundWith(['hat, "hard"', 'two\nlines'])).slice(HEADER.length)
  t.match(rows, /^"hat, ""hard""",0,0\.8242,.*\r\n"two\nlines",1,/)
})
