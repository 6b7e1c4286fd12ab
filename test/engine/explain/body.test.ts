import t from 'tap'
import { explanationBody } from '../../../engine/explain/body.ts'
import { minScore } from '../../../engine/explain/explain.ts'
import { bytesOf, MAX_BYTES } from '../../../engine/explain/fit.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { toDetections } from '../../../engine/reply.ts'
import { Steps, type Prepared } from '../../../engine/steps.ts'
import { warpFor } from '../../../models/resize-mode.ts'
import { cpuClock } from '../../support/cpu-time.ts'
import { SMALL } from '../../support/model-files.ts'

/** An explanation by a model of many classes whose predictions are noise. */
function explained (classes: number, more = {}, label = 'Gerät') {
  const config = { ...SMALL, input: { width: 160, height: 160 }, labels: Array.from({ length: classes }, (_, i) => `${label} ${i}`) }
  const steps = new Steps(config)
  const image = { width: 300, height: 300 }
  const prepared = { image, warp: warpFor('letterbox', image, config.input) } as Prepared
  const values = classes + 32
  const predictions = Float32Array.from({ length: (400 + 100 + 25) * values }, (_, i) => Math.sin(i * i))
  const options = { ...DEFAULT_OPTIONS, ...more }
  const candidates = steps.candidates(predictions, prepared, { ...options, scoreThreshold: minScore(options) })
  const objects = steps.postprocess(predictions, prepared, options)
  const body = explanationBody({ config, prepared, layout: steps.layout, predictions, candidates, options }, objects,
    { region: { box: [10, 10, 100, 100], classId: 1 }, responses: [] })
  return { explanation: JSON.parse(String(body)), bytes: body.length + bytesOf(toDetections(objects)) }
}

t.test('less than 300 KB with labels of 2 KB', async t => {
  for (const maxDetections of [1, 20, 100]) {
    const { bytes, explanation } = explained(40, { scoreThreshold: 0, maxDetections }, 'é"'.repeat(450))
    t.ok(bytes < MAX_BYTES - 300, `${bytes} bytes`)
    t.ok(explanation.candidates.length > 0, `${explanation.candidates.length} candidates`)
    t.ok(explanation.region.levels.every(({ best }: { best: readonly unknown[] }) => best.length >= 5))
  }
})

t.test('detections with more than 300 KB leave no room for candidates', async t => {
  const { bytes, explanation } = explained(40, { scoreThreshold: 0, iouThreshold: 1, maxDetections: 1000 }, 'é'.repeat(500))
  t.ok(bytes > MAX_BYTES)
  t.same([explanation.candidates, explanation.cells], [[], []])
})

t.test('less than 300 KB with the detections, however many classes and detections', async t => {
  const unlimited = { scoreThreshold: 0, iouThreshold: 1, maxDetections: 1000 }
  for (const [classes, options] of [[3, {}], [500, {}], [9000, {}], [500, unlimited]] as const) {
    const spent = cpuClock()
    const { bytes, explanation } = explained(classes, options)
    t.ok(bytes < MAX_BYTES - 300, `${classes} classes: ${bytes} bytes`)
    t.ok(explanation.candidates.length > 500, `${explanation.candidates.length} candidates`)
    t.equal(explanation.labels.length, classes)
    t.equal(explanation.region.class_id, 1)
    t.ok(spent() < 5000)
  }
})
