import t from 'tap'
import { feedbackParameters } from '../../server/feedback-schemas.ts'
import { parseParameters } from '../../server/parameters.ts'

const parse = (boxes: unknown) => parseParameters(feedbackParameters, {}, { boxes }).boxes

t.test('boxes are a list or its JSON, with corners in two forms', async t => {
  const dog = { label: ' dog ', class_id: 16, score: 0.5, box: { x1: 1, y1: 2, x2: 3, y2: 4 } }
  const expected = [{ label: 'dog', box: [1, 2, 3, 4] }]
  t.same(parse([dog]), expected)
  t.same(parse(JSON.stringify([dog])), expected)
  t.same(parse([{ label: 'dog', box: [1, 2, 3, 4] }]), expected)
  t.same(parse('[]'), [])
})

t.test('what is wrong is named', async t => {
  const cases: Array<[boxes: unknown, message: RegExp]> = [
    ['[', /^boxes: expected a list/],
    [`["${'x'.repeat(2 ** 18)}"]`, /^boxes: expected a list/],
    [{}, /^boxes: expected a list/],
    [[1], /^boxes\.0: /],
    [[{ label: '', box: [1, 2, 3, 4] }], /^boxes\.0\.label: expected a label/],
    [[{ label: 'a\nb', box: [1, 2, 3, 4] }], /^boxes\.0\.label: .*control/],
    [[{ label: 'x'.repeat(257), box: [1, 2, 3, 4] }], /^boxes\.0\.label: .*256/],
    [[{ label: 'a', box: [1, 2, 3] }], /^boxes\.0\.box: expected x1, y1, x2, y2/],
    [[{ label: 'a', box: [1, 2, 3, '4'] }], /^boxes\.0\.box: expected x1/],
    [[{ label: 'a', box: { x1: 1, y1: 2, x2: 3 } }], /^boxes\.0\.box: expected x1/],
    [[{ label: 'a', box: [1, 2, 1, 4] }], /^boxes\.0\.box: expected x1 < x2/],
    [Array(1001).fill({ label: 'a', box: [1, 2, 3, 4] }), /^boxes: .*1000/]
  ]
  for (const [boxes, message] of cases) t.throws(() => parse(boxes), { code: 'INVALID_PARAMETER', message }, String(message))
  t.throws(() => parseParameters(feedbackParameters, { hash: 'sha256:12' }), { message: /^hash: expected sha256: and 64 hexadecimal digits/ })
})
