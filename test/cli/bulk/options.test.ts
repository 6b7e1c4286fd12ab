import t from 'tap'
import { PLAN_OPTIONS, QUEUE_OPTION, SOURCES } from '../../../cli/bulk/options.ts'

t.test('names of queues are part of keys', async t => {
  t.equal(QUEUE_OPTION.queue.parse(undefined), 'nanodet')
  t.equal(QUEUE_OPTION.queue.parse('archive-2024.a_b'), 'archive-2024.a_b')
  for (const name of ['a:b', '', 'a b', 'x'.repeat(65)]) t.throws(() => QUEUE_OPTION.queue.parse(name))
})

t.test('formats are a list of names', async t => {
  t.strictSame(PLAN_OPTIONS.format.parse('coco,csv'), ['coco', 'csv'])
  t.throws(() => PLAN_OPTIONS.format.parse('coco,xml'), /expected some of/)
  t.throws(() => PLAN_OPTIONS.shardSize.parse('9'))
  t.throws(() => SOURCES.schema.parse([]), /Expected a source/)
})
