import t from 'tap'
import { FORMAT_NAMES, FORMATS } from '../../../bulk/formats/formats.ts'

t.test('formats have the names that --format takes', async t => {
  t.same(FORMAT_NAMES, ['coco', 'csv', 'yolo', 'parquet'])
  for (const name of FORMAT_NAMES) t.equal(FORMATS[name].name, name)
})
