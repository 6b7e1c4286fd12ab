import t from 'tap'
import { checkBoxes } from '../../../cli/train/check-boxes.ts'
import { Findings } from '../../../cli/train/findings.ts'
import type { Annotation, CocoBox } from '../../../cli/eval/ground-truth.ts'
import type { LabeledSet } from '../../../cli/train/labeled-set.ts'
import { labeledSet } from '../../support/labeled-photos.ts'

function check (set: LabeledSet) {
  const [errors, warnings] = [new Findings(), new Findings()]
  checkBoxes(set, { errors, warnings })
  return [errors.lines, warnings.lines]
}
const box = (...bbox: [number, number, number, number]) => labeledSet([[[1, bbox]]])
const with_ = (more: Partial<Annotation>) => {
  const set = box(1, 2, 3, 4)
  return { ...set, dataset: { ...set.dataset, annotations: [{ ...set.dataset.annotations[0]!, ...more }] } }
}

t.test('boxes of photos of 100×80 that can\'t be learned', async t => {
  const wrong: ReadonlyArray<readonly [CocoBox, string]> = [
    [[10, 10, 0, 5], '1 annotation has no area: 0.jpg [10, 10, 0, 5]'],
    [[10, 10, 5, -5], '1 annotation has no area: 0.jpg [10, 10, 5, -5]'],
    [[NaN, 10, 5, 5], '1 annotation has coordinates that are not numbers: 0.jpg [NaN, 10, 5, 5]'],
    [[10, 10, Infinity, 5], '1 annotation has coordinates that are not numbers: 0.jpg [10, 10, Infinity, 5]'],
    [[100, 10, 5, 5], '1 annotation is outside the photo: 0.jpg [100, 10, 5, 5]'],
    [[-20, -20, 10, 10], '1 annotation is outside the photo: 0.jpg [-20, -20, 10, 10]'],
    [[10, 10, 1e9, 5], '1 annotation reaches far outside the photo: 0.jpg [10, 10, 1000000000, 5] in 100×80']
  ]
  for (const [bbox, line] of wrong) t.same(check(box(...bbox)), [[line], []])
})

t.test('boxes that can', async t => {
  t.same(check(box(0, 0, 100, 80)), [[], []])
  t.same(check(box(-1, -1, 103, 82.5)), [[], []], 'tools round')
  t.same(check(box(50, 10, 60, 20)), [[], ['1 annotation reaches outside the photo and is clipped: 0.jpg [50, 10, 60, 20]']])
  t.same(check(labeledSet([[[1, [1, 2, 3, 4]], [1, [1, 2, 3, 4]], [2, [1, 2, 3, 4]]]])), [[], ['1 annotation is listed twice and counts once: 0.jpg [1, 2, 3, 4]']])
  t.same(check(with_({ iscrowd: 1 })), [[], ['1 annotation of crowds or difficult objects is not learned: 0.jpg [1, 2, 3, 4]']])
})

t.test('annotations of nothing', async t => {
  t.same(check(with_({ image_id: 9 }))[0], ['1 annotation is of an image that is not listed: image 9 [1, 2, 3, 4]'])
  t.same(check(with_({ category_id: 9 }))[0], ['1 annotation has a category that is not listed: 0.jpg [1, 2, 3, 4] category 9'])
})

t.test('photos', async t => {
  const { photos, ...set } = box(1, 2, 3, 4)
  t.same(check({ ...set, photos: new Map([['0.jpg', 'The image is empty']]) }), [['1 photo can\'t be read: 0.jpg (The image is empty)'], []])
  const images = [{ id: 0, file_name: '0.jpg' }, { id: 1, file_name: '0.jpg' }]
  t.same(check({ ...set, photos, dataset: { ...set.dataset, images } })[0], ['1 photo is listed under several ids: 0.jpg'])
})

t.test('sizes that differ from the annotated ones, and EXIF', async t => {
  const sizes = (width: number, height: number) => ({ sizes: new Map([[0, { width, height }]]) })
  const objects = [[[1, [1, 2, 3, 4]]]] as const
  t.same(check(labeledSet(objects, sizes(100, 80))), [[], []])
  t.same(check(labeledSet(objects, sizes(200, 160)))[0], ['1 photo has another size than annotated: 0.jpg (annotated 200×160, displayed 100×80)'])
  const [errors, warnings] = check(labeledSet(objects, sizes(80, 100), { orientation: 6 }))
  t.same(errors, ['1 photo is annotated as stored, not as displayed: 0.jpg (annotated 80×100, displayed 100×80)'])
  t.same(warnings, ['1 photo is rotated by EXIF: boxes are taken as in the photo displayed: 0.jpg'])
  const unreadable = { ...labeledSet(objects, sizes(1, 2)), photos: new Map([['0.jpg', 'empty']]) }
  t.same(check(unreadable)[0], ['1 photo can\'t be read: 0.jpg (empty)'])
})
