import t from 'tap'
import { camTarget, targetOf } from '../../server/cam-target.ts'

const LABELS = ['person', 'traffic light']

t.test('a detection by its index, or a label', async t => {
  t.same(camTarget('12', LABELS), { index: 12 })
  t.same(camTarget('traffic light', LABELS), { classId: 1 })
  t.throws(() => camTarget('1'.repeat(30), LABELS), { code: 'INVALID_PARAMETER', message: /^for: the model has no label/ })
  t.throws(() => camTarget('trafic light', LABELS), { code: 'INVALID_PARAMETER', message: /^for: .*did you mean traffic light/ })
})

t.test('only for layercam, and then the best detection by default', async t => {
  const maps = { reduce: 'layercam', format: 'maps' } as const
  t.same(targetOf(maps, undefined, LABELS), { index: 0 })
  t.same(targetOf(maps, 'person', LABELS), { classId: 0 })
  t.equal(targetOf({ ...maps, reduce: 'l2' }, undefined, LABELS), undefined)
  t.throws(() => targetOf({ ...maps, reduce: 'l2' }, '0', LABELS), { code: 'INVALID_PARAMETER', message: 'for: expected together with reduce=layercam' })
  t.throws(() => targetOf({ ...maps, format: 'npz' }, undefined, LABELS), { code: 'INVALID_PARAMETER', message: /^reduce: layercam needs .*npz/ })
})
