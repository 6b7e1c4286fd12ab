import t from 'tap'
import { runKey, type RunSpec } from '../../bulk/run-spec.ts'

const SPEC: RunSpec = {
  model: 'nanodet-m-416', weights: 'ab', precision: 'fp32', scoreThreshold: 0.35, iouThreshold: 0.6, maxDetections: 100, draw: false, crop: false, features: []
}

t.test('equal specs have equal keys, in whatever order', async t => {
  t.match(runKey(SPEC), /^[0-9a-f]{16}$/)
  t.equal(runKey(Object.fromEntries(Object.entries(SPEC).reverse()) as unknown as RunSpec), runKey(SPEC))
  t.equal(runKey({ ...SPEC, classes: undefined }), runKey(SPEC))
})

t.test('every member counts', async t => {
  const others: Array<Partial<RunSpec>> = [
    { model: 'other' }, { weights: 'cd' }, { precision: 'int8' }, { scoreThreshold: 0.4 }, { iouThreshold: 0.5 }, { maxDetections: 10 }, { classes: [0] },
    { draw: true }, { crop: true }, { features: ['stage2'] }
  ]
  t.equal(new Set([SPEC, ...others.map(other => ({ ...SPEC, ...other }))].map(runKey)).size, others.length + 1)
})
