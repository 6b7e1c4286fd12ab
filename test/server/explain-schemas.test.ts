import t from 'tap'
import { explainParameters, explainReply } from '../../server/explain-schemas.ts'

const parse = (region: unknown) => explainParameters.safeParse({ region })

t.test('a region is four decimals, as text or as a list', async t => {
  for (const region of ['1,2,3,4.5', ' 1, 2, +3, 45e-1', [1, 2, 3, 4.5]]) t.same(parse(region).data?.region, [1, 2, 3, 4.5])
  t.same(parse('-5,-5,0,.5').data?.region, [-5, -5, 0, 0.5])
  t.equal(explainParameters.parse({}).region, undefined)
})

t.test('anything else is none', async t => {
  for (const region of ['', '1,2,3', '1,2,3,4,5', '1,2,3,x', '1,2,3,', '1;2;3;4', 7, null, {}, [1, 2, 3, '4'], [1, 2, 3, NaN]]) {
    t.match(parse(region).error?.issues[0]?.message, 'expected x1,y1,x2,y2', String(region))
  }
  t.match(parse([1, 2, 1, 4]).error?.issues[0]?.message, 'expected x1 < x2 and y1 < y2')
})

t.test('a reply has all members of POST /detect', async t => {
  for (const name of ['model', 'image', 'detections', 'timing', 'candidates', 'cells', 'region']) t.ok(name in explainReply.shape, name)
})
