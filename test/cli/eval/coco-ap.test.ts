import { readFile } from 'node:fs/promises'
import t from 'tap'
import { cocoScores, uniqueById, type CocoSummary } from '../../../cli/eval/coco-ap.ts'
import type { Annotation, CocoResult, GroundTruth } from '../../../cli/eval/ground-truth.ts'

type Bbox = CocoResult['bbox']

const SMALL: Bbox = [10, 10, 20, 20]
const MEDIUM: Bbox = [100, 100, 50, 50]
const LARGE: Bbox = [200, 200, 200, 200]
const ELSEWHERE: Bbox = [500, 10, 50, 50]

function truthOf (...annotations: Partial<Annotation>[]): GroundTruth {
  return {
    images: [1, 2].map((id) => ({ id, file_name: `${id}.jpg` })),
    annotations: annotations.map((annotation, i) => {
      const bbox = annotation.bbox ?? MEDIUM
      return { id: i + 1, image_id: 1, category_id: 1, bbox, area: bbox[2] * bbox[3], ...annotation }
    }),
    categories: [{ id: 1, name: 'cat' }, { id: 2, name: 'dog' }]
  }
}

function result (bbox: Bbox, score: number, where: Partial<CocoResult> = {}): CocoResult {
  return { image_id: 1, category_id: 1, bbox, score, ...where }
}

/** The metrics named in `expected`, rounded to 1e-9. */
function metrics (truth: GroundTruth, results: CocoResult[], expected: Partial<CocoSummary>) {
  const { summary } = cocoScores(truth, results)
  const names = Object.keys(expected) as (keyof CocoSummary)[]
  return Object.fromEntries(names.map((name) => [name, Number(summary[name].toFixed(9))]))
}

const CASES: { name: string, truth: GroundTruth, results: CocoResult[], expected: Partial<CocoSummary> }[] = [
  {
    name: 'perfect detections score 1 in every size',
    truth: truthOf({ bbox: SMALL }, { bbox: MEDIUM }, { bbox: LARGE, image_id: 2 }, { category_id: 2 }),
    results: [result(SMALL, 0.9), result(MEDIUM, 0.8), result(LARGE, 0.7, { image_id: 2 }), result(MEDIUM, 0.6, { category_id: 2 })],
    // At one detection an image, category 1 finds two of three.
    expected: { AP: 1, AP50: 1, AP75: 1, APs: 1, APm: 1, APl: 1, AR1: 0.833333333, AR10: 1, AR100: 1, ARs: 1, ARm: 1, ARl: 1 }
  },
  {
    name: 'no results score 0, and -1 where there is nothing to find',
    truth: truthOf({ bbox: MEDIUM }),
    results: [],
    expected: { AP: 0, AP50: 0, AP75: 0, APs: -1, APm: 0, APl: -1, AR1: 0, AR10: 0, AR100: 0, ARs: -1, ARm: 0, ARl: -1 }
  },
  {
    name: 'no ground truth at all is -1',
    truth: truthOf(),
    results: [result(MEDIUM, 0.9)],
    expected: { AP: -1, AP50: -1, AP75: -1, APs: -1, APm: -1, APl: -1, AR1: -1, AR10: -1, AR100: -1, ARs: -1, ARm: -1, ARl: -1 }
  },
  {
    name: 'a false positive ahead of the true one halves the precision',
    truth: truthOf({ bbox: MEDIUM }),
    results: [result(MEDIUM, 0.5), result(ELSEWHERE, 0.9)],
    expected: { AP: 0.5, AR1: 0, AR10: 1 }
  },
  {
    name: 'a false positive behind the true one costs nothing',
    truth: truthOf({ bbox: MEDIUM }),
    results: [result(MEDIUM, 0.9), result(ELSEWHERE, 0.5)],
    expected: { AP: 1, AR1: 1 }
  },
  {
    name: 'half the objects found cover 51 of the 101 recall thresholds',
    truth: truthOf({ bbox: MEDIUM }, { bbox: LARGE }),
    results: [result(MEDIUM, 0.9)],
    expected: { AP: 0.504950495, AR100: 0.5, APm: 1, APl: 0 }
  },
  {
    name: 'the envelope carries a later, higher precision back',
    truth: truthOf({ bbox: MEDIUM }, { bbox: LARGE }),
    // Precision 0, 1/2, 2/3.
    results: [result(ELSEWHERE, 0.9), result(MEDIUM, 0.8), result(LARGE, 0.7)],
    expected: { AP: 0.666666667 }
  },
  {
    name: 'a duplicate is a false positive',
    truth: truthOf({ bbox: MEDIUM }, { bbox: LARGE }),
    // Precision 1, 1/2, 2/3: 51 thresholds at 1, 50 at 2/3.
    results: [result(MEDIUM, 0.9), result(MEDIUM, 0.8), result(LARGE, 0.7)],
    expected: { AP: 0.834983498 }
  },
  {
    name: 'an overlap of exactly 0.75 counts at the six thresholds up to it',
    truth: truthOf({ bbox: [100, 100, 40, 40] }),
    results: [result([100, 100, 40, 30], 0.9)],
    expected: { AP: 0.6, AP50: 1, AP75: 1, AR100: 0.6 }
  },
  {
    name: 'a detection takes the object it overlaps most',
    truth: truthOf({ bbox: [100, 100, 50, 50] }, { bbox: [100, 100, 50, 100] }),
    // The second detection overlaps only the second object.
    results: [result([100, 100, 50, 50], 0.9), result([100, 130, 50, 70], 0.8)],
    expected: { AP50: 1, AP75: 0.504950495 }
  },
  {
    name: 'a crowd takes any number of detections inside it and is not to be found',
    truth: truthOf({ bbox: MEDIUM }, { bbox: LARGE, iscrowd: 1 }),
    results: [result([210, 210, 40, 40], 0.9), result([250, 250, 40, 40], 0.8), result(MEDIUM, 0.7)],
    expected: { AP: 1, APm: 1, APl: -1, AR1: 0, AR10: 1 }
  },
  {
    name: 'a detection half outside a crowd is ignored at .5 and a false positive above',
    truth: truthOf({ bbox: MEDIUM }, { bbox: LARGE, iscrowd: 1 }),
    results: [result([180, 200, 40, 40], 0.9), result(MEDIUM, 0.7)],
    expected: { AP50: 1, AP75: 0.5, AP: 0.55 }
  },
  {
    name: 'an object is preferred to a crowd that covers the detection better',
    truth: truthOf({ bbox: [50, 50, 200, 200], iscrowd: 1 }, { bbox: [100, 100, 40, 40] }),
    results: [result([100, 100, 40, 30], 0.9)],
    expected: { AP50: 1, AR100: 0.6 }
  },
  {
    name: 'objects and false positives of another size are ignored',
    truth: truthOf({ bbox: SMALL }, { bbox: LARGE }),
    // The false positive is small, and ranks between the two.
    results: [result(LARGE, 0.9), result([500, 10, 20, 20], 0.8), result(SMALL, 0.7)],
    expected: { APs: 0.5, APm: -1, APl: 1, AP: 0.834983498 }
  },
  {
    name: "the size of an object is its area, not its box's, and 32² is both small and medium",
    truth: truthOf({ bbox: LARGE, area: 32 ** 2 }),
    results: [result(LARGE, 0.9)],
    expected: { APs: 1, APm: 1, APl: -1 }
  },
  {
    name: 'only the 100 best detections of a category in an image count',
    truth: truthOf({ bbox: MEDIUM }),
    results: [...Array.from({ length: 100 }, () => result(ELSEWHERE, 0.9)), result(MEDIUM, 0.5)],
    expected: { AP: 0, AR100: 0 }
  },
  {
    name: 'the tenth counts towards AR10, the eleventh does not',
    truth: truthOf({ bbox: MEDIUM }, { bbox: LARGE }),
    results: [...Array.from({ length: 9 }, () => result(ELSEWHERE, 0.9)), result(MEDIUM, 0.6), result(LARGE, 0.5)],
    expected: { AR1: 0, AR10: 0.5, AR100: 1 }
  },
  {
    name: 'equal scores keep their order within an image',
    truth: truthOf({ bbox: MEDIUM }),
    results: [result(ELSEWHERE, 0.5), result(MEDIUM, 0.5)],
    expected: { AP: 0.5 }
  },
  {
    name: "equal scores of different images go by the image's id",
    truth: truthOf({ bbox: MEDIUM }),
    results: [result(ELSEWHERE, 0.5, { image_id: 2 }), result(MEDIUM, 0.5)],
    expected: { AP: 1 }
  },
  {
    name: 'a false positive in an image without objects counts',
    truth: truthOf({ bbox: MEDIUM }),
    results: [result(MEDIUM, 0.5), result(MEDIUM, 0.9, { image_id: 2 })],
    expected: { AP: 0.5, AR1: 1 }
  },
  {
    name: 'a category with no object, an unknown image and an unknown category change nothing',
    truth: truthOf({ bbox: MEDIUM }),
    results: [result(MEDIUM, 0.5), ...[{ category_id: 2 }, { image_id: 9 }, { category_id: 9 }].map((where) => result(MEDIUM, 0.9, where))],
    expected: { AP: 1, AR1: 1 }
  }
]

for (const { name, truth, results, expected } of CASES) {
  t.test(name, async (t) => {
    t.strictSame(metrics(truth, results, expected), expected)
  })
}

t.test('agrees with pycocotools on random boxes with crowds, duplicates and equal scores', async (t) => {
  const fixture = new URL('../../../../test/fixtures/coco-ap.json', import.meta.url)
  const { truth, results, expected } = JSON.parse(await readFile(fixture, 'utf8'))
  const { summary } = cocoScores(truth, results)
  t.strictSame(Object.keys(summary), Object.keys(expected))
  for (const [name, value] of Object.entries(summary)) {
    t.ok(Math.abs(value - expected[name]) < 1e-9, `${name} is ${expected[name]}`, { found: value })
  }
})

t.test('scores each category that has objects to find', async t => {
  const truth = truthOf({ bbox: MEDIUM }, { bbox: LARGE }, { bbox: MEDIUM, image_id: 2, iscrowd: 1, category_id: 2 })
  const { categories } = cocoScores(truth, [result(MEDIUM, 0.9), result(ELSEWHERE, 0.95)])
  t.match(categories, [{ category: { name: 'cat' }, objects: 2, AR100: 0.5 }])
  t.equal(categories.length, 1, 'the other has only a crowd')
  t.ok(Math.abs(categories[0]!.AP - 0.5 * 51 / 101) < 1e-9, `AP ${categories[0]!.AP}`)
  t.same(categories[0]!.precision.map(at => at.length), Array.from({ length: 10 }, () => 101))
})

t.test('images and categories with text for ids', async t => {
  const truth = {
    images: ['b', 'a'].map(id => ({ id, file_name: `${id}.jpg` })),
    annotations: [{ image_id: 'a', category_id: 'cat', bbox: MEDIUM, area: 2500 }],
    categories: [{ id: 'cat', name: 'cat' }]
  }
  const found = (image: string) => ({ image_id: image, category_id: 'cat', bbox: MEDIUM, score: 0.5 })
  t.equal(cocoScores(truth, [found('b'), found('a')]).summary.AP, 1, 'image a comes first')
})

t.test('of items with the same id, the last counts', async t => {
  t.same(uniqueById([{ id: 1, name: 'a' }, { id: 2, name: 'b' }, { id: 1, name: 'c' }]), [{ id: 1, name: 'c' }, { id: 2, name: 'b' }])
})
