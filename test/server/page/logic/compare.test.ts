import t from 'tap'
import type { Model } from '../../../../client/types.ts'
import type { Corners } from '../../../../engine/explain/explanation.ts'
import { countClasses, foundIn, isComparing, modelOf, pairUp, sidesOf, swapped, type Found } from '../../../../server/page/logic/compare.ts'
import type { ExplainReply } from '../../../../server/page/logic/server.ts'
import { INITIAL, type Photo, type State } from '../../../../server/page/logic/state.ts'

const photo: Photo = { name: 'a.jpg', blob: new Blob(['a']), url: 'blob:a' }
const otherPhoto: Photo = { name: 'b.jpg', blob: new Blob(['b']), url: 'blob:b' }
const model = (name: string, isDefault: boolean, precision: 'fp32' | 'int8' = 'fp32'): Model =>
  ({ name, state: 'ready', default: isDefault, precision, precisions: ['fp32', 'int8'] })
const models = [model('first', true), model('second', false, 'int8')]
const stateOf = (patch: Partial<State>): State => ({ ...INITIAL, models, photo, ...patch })
const found = (label: string, score: number, box: Corners): Found => ({ label, score, box })

t.test('sides', async t => {
  t.test('the right side is like the left, except for what is chosen', async t => {
    t.same(sidesOf(stateOf({ precision: 'int8' })).right, { photo, model: undefined, precision: 'int8' })
    t.same(sidesOf(stateOf({ precision: 'int8', other: 'first' })).right, { photo, model: 'first', precision: 'int8' }, 'the default by name')
    t.same(sidesOf(stateOf({ otherPrecision: 'int8', otherPhoto })), {
      left: { photo, model: undefined, precision: undefined },
      right: { photo: otherPhoto, model: undefined, precision: 'int8' }
    })
  })

  t.test('another model runs in its own precision', async t => {
    t.same(sidesOf(stateOf({ precision: 'int8', other: 'second' })).right, { photo, model: 'second', precision: undefined })
  })

  t.test('without a photo or a choice, nothing is compared', async t => {
    t.notOk(isComparing(stateOf({})))
    t.notOk(isComparing(stateOf({ photo: undefined, other: 'second' })))
    for (const choice of [{ other: 'second' }, { otherPhoto }, { otherPrecision: 'int8' }]) t.ok(isComparing(stateOf(choice)))
  })

  t.test('a model without a name is the default', async t => {
    t.equal(modelOf({ models }, undefined)?.name, 'first')
    t.equal(modelOf({ models }, 'second')?.name, 'second')
    t.equal(modelOf({ models: [] }, undefined), undefined)
  })
})

t.test('swapping', async t => {
  const swap = (patch: Partial<State>): State => ({ ...stateOf(patch), ...swapped(stateOf(patch)) })

  t.test('models change places; twice restores both', async t => {
    const once = swap({ other: 'second' })
    t.match(once, { model: 'second', other: 'first' })
    t.match(swap(once), { model: 'first', other: 'second' })
  })

  t.test('precisions change places', async t => {
    t.match(swap({ otherPrecision: 'int8' }), { model: undefined, other: undefined, precision: 'int8', otherPrecision: 'fp32' })
    t.match(swap({ precision: 'int8', otherPrecision: 'fp32' }), { precision: 'fp32', otherPrecision: 'int8' })
    t.equal(swap({ other: 'second' }).otherPrecision, undefined)
  })

  t.test('photos and replies change places; what was chosen on the left goes', async t => {
    const [explanation, otherExplanation] = [reply([]), reply([])]
    const state = swap({ otherPhoto, explanation, otherExplanation, example: true, selected: '0-1-2-3', region: [0, 0, 1, 1], expected: 'cat' })
    t.equal(state.photo, otherPhoto)
    t.equal(state.otherPhoto, photo)
    t.equal(state.explanation, otherExplanation)
    t.equal(state.otherExplanation, explanation)
    t.match(state, { example: false, otherExample: true, selected: undefined, region: undefined, expected: undefined })
    t.equal(swap({ other: 'second' }).photo, photo, 'one photo stays')
  })
})

t.test('objects', async t => {
  t.test('those of a reply follow the page\'s thresholds and classes', async t => {
    const answer = reply([[0, 0, 10, 10], [1, 0, 10, 10], [40, 40, 60, 60]])
    const thresholds = { score: 0.5, iou: 0.6, max: 100, classes: [] }
    t.same(foundIn(answer, thresholds), [found('cat', 0.9, [0, 0, 10, 10]), found('cat', 0.7, [40, 40, 60, 60])], 'one is suppressed')
    t.equal(foundIn(answer, { ...thresholds, iou: 0.95 }).length, 3)
    t.equal(foundIn(answer, { ...thresholds, score: 0.75 }).length, 1)
    t.same(foundIn(answer, { ...thresholds, classes: ['dog'] }), [])
    t.equal(foundIn(answer, { ...thresholds, classes: ['cat'] }).length, 2)
  })

  t.test('pairs share a class and half their area, the largest overlap first', async t => {
    const left = [found('cat', 0.9, [0, 0, 10, 10]), found('dog', 0.8, [0, 0, 10, 10]), found('cat', 0.6, [2, 0, 12, 10])]
    const right = [found('cat', 0.7, [1.5, 0, 11.5, 10]), found('dog', 0.5, [8, 0, 18, 10]), found('cat', 0.4, [0, 0, 10, 9])]
    t.match(pairUp(left, right), [
      { left: left[0], right: right[2], iou: 0.9 },
      { left: left[2], right: right[0], iou: 9.5 / 10.5 },
      { left: left[1] },
      { right: right[1] }
    ])
    t.same(pairUp(left, []), left.map(left => ({ left })))
  })

  t.test('classes are counted, the most frequent first, then by name', async t => {
    const cat = found('cat', 0.9, [0, 0, 1, 1])
    const [dog, ant] = [{ ...cat, label: 'dog' }, { ...cat, label: 'ant' }]
    t.same(countClasses([dog, cat], [cat, ant]), [
      { label: 'cat', left: 1, right: 1 }, { label: 'ant', left: 0, right: 1 }, { label: 'dog', left: 1, right: 0 }
    ])
  })
})

/** A reply with cats of scores 0.9, 0.8 … in boxes. */
function reply (boxes: readonly Corners[]): ExplainReply {
  return {
    labels: ['cat', 'dog'],
    cells: boxes.map((box, column) => ({ level: 0, column, row: 0, box, input_box: box })),
    candidates: boxes.map((_, cell) => ({ cell, class_id: 0, score: (9 - cell) / 10, state: 'kept' }))
  } as unknown as ExplainReply
}
