import t from 'tap'
import { toPrediction } from '../../../../server/dialects/label-studio/prediction.ts'

const object = (label: string, score: number) => ({ label, classId: 0, score, box: [10, 20, 60, 70] as const })
const output = (...objects: Array<ReturnType<typeof object>>) =>
  ({ image: { width: 100, height: 200 }, objects }) as unknown as Parameters<typeof toPrediction>[0]
const config = { fromName: 'boxes', toName: 'photo', imageKey: 'image', labels: new Map([['person', 'Person']]) }

t.test('regions in percent, of labels that the configuration has', async t => {
  const found = output(object('person', 0.9), object('tie', 0.8), object('person', 0.5))
  const { result, score } = toPrediction(found, config)
  t.equal(score, 0.7)
  t.match(result, [
    {
      from_name: 'boxes',
      to_name: 'photo',
      type: 'rectanglelabels',
      score: 0.9,
      value: { x: 10, y: 10, width: 50, height: 25, rectanglelabels: ['Person'] }
    },
    { score: 0.5 }
  ])
  t.same(toPrediction(output(), config), { result: [], score: 0 })
})
