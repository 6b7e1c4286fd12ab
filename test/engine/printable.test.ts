import t from 'tap'
import { isUnprintable, printable } from '../../engine/printable.ts'

t.test('characters that act on a terminal become escapes', async t => {
  t.equal(printable('\u001b[2J\u009b31m\u007f\r\n\0'), '\\u001b[2J\\u009b31m\\u007f\\u000d\\u000a\\u0000')
  t.equal(printable('a\u202eb\u2066c\u2028d'), 'a\\u202eb\\u2066c\\u2028d')
  t.equal(printable('two\nlines\t', '\n'), 'two\nlines\\u0009')
  t.same(['a\nb', 'a\u202eb', 'plain'].map(isUnprintable), [true, true, false])
})

t.test('any other text stays as it is', async t => {
  const text = 'Straße 東京 👩‍👩‍👧 "quoted" \\ /detect?x=1'
  t.equal(printable(text), text)
})
