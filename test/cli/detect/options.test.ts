import t from 'tap'
import { RUN_OPTIONS } from '../../../cli/detect/options.ts'

t.test('formats are a list; lines are always written', async t => {
  const { format } = RUN_OPTIONS
  t.same(format.parse('coco, yolo'), ['coco', 'yolo'])
  t.same(format.parse('jsonl,csv'), ['csv'])
  t.same(format.parse('jsonl'), [])
  t.equal(format.parse(undefined), undefined)
  t.match(format.safeParse('csv,xml').error?.issues[0]?.message, /^expected some of jsonl, coco, csv, yolo or parquet, comma-separated$/)
})
