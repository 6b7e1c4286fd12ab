import t from 'tap'
import { camTarget } from '../../cli/cam-target.ts'

t.test('a detection by its number, or a label', async t => {
  t.same(camTarget('0', ['dog']), { index: 0 })
  t.same(camTarget('dog', ['dog']), { classId: 0 })
  t.throws(() => camTarget('cat', ['dog']), { name: 'UsageError', message: /^--for: the model has no label cat/ })
})
