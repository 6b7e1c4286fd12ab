import { join, resolve } from 'node:path'
import t from 'tap'
import { decodeOptions, innerOptions, regionOf } from '../../api/options.ts'
import { availableCpus } from '../../engine/cpu-quota.ts'

t.test('by default one worker uses all cores', async t => {
  t.match(innerOptions({}), {
    workers: 1, threads: availableCpus(), defaultModel: 'nanodet-m-416', places: { builtIn: true, precision: 'fp32' }, maxPixels: 50e6
  })
  t.equal(innerOptions({ workers: 64 }).threads, 1, 'workers share them')
  t.same(innerOptions({ maxQueue: 3 }).queue, { maxJobs: 3, maxBytes: Infinity })
})

t.test('paths become absolute', async t => {
  const { artifacts, places } = innerOptions({ model: 'nanodet-g', weights: 'g.ckpt', calibration: 'g.json', modelsDir: 'models' })
  t.match(artifacts, [{ kind: 'detector', name: 'nanodet-g', checkpoint: resolve('g.ckpt'), calibration: resolve('g.json') }])
  t.equal(places?.directory, join(process.cwd(), 'models'))
  t.equal(innerOptions({ weights: 'm.ckpt' }).artifacts?.[0]?.calibration, undefined)
})

t.test('options that can\'t be used', async t => {
  const refused = (options: object, message: RegExp) => t.throws(() => innerOptions(options), { name: 'NanodetError', message })
  refused({ workers: 0 }, /^workers: expected a whole number from 1 to 256, found 0$/)
  refused({ threads: 1.5 }, /^threads: /)
  refused({ maxPixels: -1 }, /^maxPixels: /)
  refused({ workers: 1e9 }, /^workers: expected a whole number from 1 to 256, found 1000000000$/)
  refused({ maxQueue: -1 }, /^maxQueue: expected a whole number or Infinity, found -1$/)
  refused({ maxQueue: NaN }, /^maxQueue: /)
  refused({ precision: 'fp16' }, /^precision: expected fp32 or int8, found fp16$/)
  refused({ modelsDir: '' }, /^modelsDir: expected text, found an empty string$/)
  refused({ weights: 5 }, /^weights: expected text, found 5$/)
  refused({ calibration: 'x.json' }, /^calibration: expected weights, too$/)
  refused({ model: 'street', weights: 's.ckpt' }, /^weights: expected one of these models: .*nanodet-m-416.*; found street$/)
  refused({ model: 'nanodet-plus-m-416' }, /^nanodet-plus-m-416 needs a checkpoint: set weights$/)
  t.ok(innerOptions({ model: 'nanodet-plus-m-416', modelsDir: '.' }), 'the folder may have it')
})

t.test('options of a call', async t => {
  t.same(decodeOptions({}, ['cat', 'dog']), { scoreThreshold: 0.35, iouThreshold: 0.6, maxDetections: 100, classes: undefined })
  t.same(decodeOptions({ scoreThreshold: 0, iouThreshold: 1, maxDetections: 1, classes: ['dog'] }, ['cat', 'dog']),
    { scoreThreshold: 0, iouThreshold: 1, maxDetections: 1, classes: [1] })
  t.throws(() => decodeOptions({ scoreThreshold: 35 }, []), { code: 'INVALID_PARAMETER', message: 'scoreThreshold: expected a number from 0 to 1, found 35' })
  t.throws(() => decodeOptions({ iouThreshold: NaN }, []), { message: /^iouThreshold: / })
  t.throws(() => decodeOptions({ scoreThreshold: null as never }, []), { message: /^scoreThreshold: / }, 'not 0')
  t.throws(() => decodeOptions({ maxDetections: 0 }, []), { message: /^maxDetections: / })
  t.throws(() => decodeOptions({ classes: 'cat' as never }, ['cat']), { code: 'INVALID_PARAMETER', message: 'classes: expected an array of labels' })
  t.throws(() => decodeOptions({ classes: ['cow'] }, ['cat']), { name: 'LabelError' })
})

t.test('the region to explain', async t => {
  const region = { x1: 1, y1: 2, x2: 3, y2: 4 }
  t.equal(regionOf({}, []), undefined)
  t.same(regionOf({ region }, []), { box: [1, 2, 3, 4], classId: undefined })
  t.same(regionOf({ region, label: 'dog' }, ['cat', 'dog']), { box: [1, 2, 3, 4], classId: 1 })
  t.throws(() => regionOf({ label: 'dog' }, ['dog']), { message: 'label: expected a region, too' })
  for (const wrong of [{ ...region, x2: 1 }, { ...region, y1: 5 }, { ...region, x1: NaN }, { ...region, y2: '4' as never }]) {
    t.throws(() => regionOf({ region: wrong }, []), { code: 'INVALID_PARAMETER', message: /^region: expected { x1, y1, x2, y2 }/ })
  }
})
