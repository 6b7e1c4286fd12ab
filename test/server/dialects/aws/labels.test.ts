import t from 'tap'
import { toLabels } from '../../../../server/dialects/aws/labels.ts'

const object = (label: string, score: number) => ({ label, classId: 0, score, box: [10, 20, 60, 70] as const })
const output = (...objects: Array<ReturnType<typeof object>>) =>
  ({ image: { width: 100, height: 200 }, objects }) as unknown as Parameters<typeof toLabels>[0]

t.test('objects of one class are instances of one label', async t => {
  const found = output(object('cell phone', 0.9), object('tv', 0.8), object('cell phone', 0.5))
  t.match(toLabels(found, { maxLabels: 9 }), [
    {
      Name: 'Cell Phone',
      Confidence: 90,
      Instances: [
        { BoundingBox: { Left: 0.1, Top: 0.1, Width: 0.5, Height: 0.25 }, Confidence: 90 },
        { Confidence: 50 }
      ]
    },
    { Name: 'Tv', Instances: [{ Confidence: 80 }], Parents: [] }
  ])
  const names = (filters: object) => toLabels(found, { maxLabels: 9, ...filters }).map(({ Name }) => Name)
  t.same(names({ maxLabels: 1 }), ['Cell Phone'])
  t.same(names({ included: ['TV', 'Cat'] }), ['Tv'])
  t.same(names({ excluded: ['tv'], included: null }), ['Cell Phone'])
  t.same(toLabels(output(), { maxLabels: 9 }), [])
})
