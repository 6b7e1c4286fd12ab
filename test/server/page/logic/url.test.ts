import t from 'tap'
import { INITIAL, type State } from '../../../../server/page/logic/state.ts'
import { fragmentOf, readFragment, type UrlState } from '../../../../server/page/logic/url.ts'

const START = readFragment('')
const all: UrlState = {
  ...START,
  example: true,
  model: 'my model#2',
  score: 0.3,
  iou: 0.55,
  max: 20,
  classes: ['traffic light', 'café & bar', 'a=b'],
  tab: 'network',
  selected: '1-12-3-0',
  region: [10.5, 20, 100.25, 200],
  expected: 'stop sign',
  layer: 'backbone.stage3.0',
  reduce: '17',
  other: 'plus',
  precision: 'fp32',
  otherPrecision: 'int8',
  otherExample: true,
  differenceLayer: 'stage4'
}

t.test('the state at the start has an empty address', async t => {
  for (const member of Object.keys(START) as Array<keyof UrlState>) t.same(START[member], INITIAL[member], member)
  t.equal(fragmentOf(INITIAL), '')
})

t.test('every member goes into the address and back', async t => {
  t.same(readFragment(fragmentOf(all)), all)
  t.same(readFragment(`#${fragmentOf(all)}`), all)
  for (const member of Object.keys(all) as Array<keyof UrlState>) {
    const one: UrlState = { ...START, [member]: all[member] }
    t.same(readFragment(fragmentOf(one)), one, member)
    t.not(fragmentOf(one), '', member)
  }
})

t.test('addresses are short and readable', async t => {
  t.equal(fragmentOf({ ...START, example: true, score: 0.1 + 0.2, classes: ['bus', 'traffic light'], region: [1.23456, 2, 3.3, 40] }),
    'example=1&score=0.3&classes=bus,traffic+light&region=1.23,2,3.3,40')
  t.equal(fragmentOf({ ...START, max: 7, tab: 'compare' }), 'max=7&tab=compare')
})

t.test('what is not valid is as at the start; what is stays', async t => {
  const odd = [
    'score=2', 'score=-1', 'score=', 'score=abc', 'score=1e9', 'score=NaN', 'iou=1.1', 'max=0', 'max=1001', 'max=2.5', 'tab=other', 'box=1-2-3',
    'box=a-b-c-d', 'region=1,2,3', 'region=1,2,3,4,5', 'region=5,5,1,1', 'region=a,b,c,d', 'region=,,,', 'region=1,2,Infinity,4', 'reduce=sum',
    'example=yes', 'unknown=1', `model=${'m'.repeat(257)}`, 'classes=,,', '%', '%zz=%', '__proto__=1'
  ]
  for (const fragment of odd) t.same(readFragment(fragment), START, fragment)
  t.same(readFragment('#score=9&iou=0.4'), { ...START, iou: 0.4 } satisfies Partial<State>)
})
