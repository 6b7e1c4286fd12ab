import t from 'tap'
import { cocoScores } from '../../../cli/eval/coco-ap.ts'
import { detectionConfusion } from '../../../cli/eval/confusion.ts'
import { detectorFiles, detectorJson, detectorText } from '../../../cli/eval/detector-report.ts'
import { CONFUSION_THRESHOLDS } from '../../../cli/eval/measure-detector.ts'
import type { Annotation, CocoBox } from '../../../cli/eval/ground-truth.ts'

const BOX: CocoBox = [0, 0, 200, 200]

/** Scores of `count` classes with one object each; all but the last are found. */
function scoresOf (count: number, more: { unknown?: string[], notes?: string[] } = {}) {
  const ids = Array.from({ length: count }, (_, i) => i)
  const truth = {
    images: [{ id: 1, file_name: 'a.jpg' }],
    annotations: ids.map((id): Annotation => ({ image_id: 1, category_id: id, bbox: BOX, area: 40_000 })),
    categories: ids.map(id => ({ id, name: `c${id}` }))
  }
  const results = ids.slice(0, -1).map(id => ({ image_id: 1, category_id: id, bbox: BOX, score: 0.9 }))
  const confusion = detectionConfusion(truth, results, CONFUSION_THRESHOLDS)
  return { model: 'mine', images: 1, seconds: 0.25, results, ...cocoScores(truth, results), confusion, unknown: [], notes: [], ...more }
}

t.test('text', async t => {
  const text = detectorText(scoresOf(2, { unknown: ['unicorn'], notes: ['1 repeated image'] }))
  t.match(text, /^mine: 1 image in 0\.3 s, 250\.0 ms per image\n/)
  t.match(text, /│ AP +│ 0\.5000 │ IoU 0\.50 to 0\.95 +│/)
  t.match(text, /│ APs +│ +– │/)
  t.match(text, /│ c1 +│ +1 │ 0\.0000 │/)
  t.match(text, /\n1 class unknown to the model, never found: unicorn\n1 repeated image\n$/)
})

t.test('text about many classes', async t => {
  const text = detectorText(scoresOf(22, { unknown: ['a', 'b'] }))
  t.match(text, '\n2 more classes have fewer objects: --out DIR writes all to DIR/per-class.csv\n')
  t.match(text, '\n2 classes unknown to the model, never found: a, b\n')
})

t.test('text without objects', async t => {
  const none = { ...scoresOf(1), categories: [] }
  t.notMatch(detectorText(none), 'AR100 │\n')
})

t.test('JSON', async t => {
  t.match(detectorJson(scoresOf(2)), {
    model: 'mine',
    images: 1,
    seconds: 0.25,
    ms_per_image: 250,
    AP: 0.5,
    APs: -1,
    classes: [{ class: 'c0', objects: 1, AP: 1, AP50: 1, AP75: 1, AR100: 1 }, { class: 'c1', AP: 0 }],
    unknown_categories: [],
    notes: [],
    confusion: { score_threshold: 0.35, iou_threshold: 0.5, labels: ['c0', 'c1', '(nothing)'], counts: [[1, 0, 0], [0, 0, 1], [0, 0, 0]] }
  })
})

t.test('files', async t => {
  const files = detectorFiles(scoresOf(2))
  t.same(Object.keys(files), ['metrics.json', 'per-class.csv', 'precision-recall.svg', 'confusion.csv', 'confusion.svg'])
  t.equal(files['per-class.csv'], 'class,objects,AP,AP50,AP75,AR100\nc0,1,1,1,1,1\nc1,1,0,0,0,0\n')
  t.match(JSON.parse(files['metrics.json']!), { AP: 0.5 })
  t.match(files['confusion.svg'], 'mine: scores above 0.35, IoU of at least 0.5')
})
