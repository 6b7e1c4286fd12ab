import t from 'tap'
import { createEngine, innerEngine } from '../../api/engine.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, SMALL_CLASSIFIER } from '../support/model-files.ts'
import { photo } from '../support/files.ts'
import { STREET, STREET_LABELS } from '../support/street.ts'

t.test('an engine with the built-in model and a classifier', async t => {
  const modelsDir = t.testdir({
    'kinds.json': CLASSIFIER_JSON,
    'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict)
  })
  const engine = await createEngine({ modelsDir, threads: 1 })
  t.teardown(() => engine.close())

  t.test('finds objects', async t => {
    const { model, image, detections, timing } = await engine.detect(STREET)
    t.equal(model, 'nanodet-m-416')
    t.same(image, { width: 960, height: 640 })
    t.same(detections.map(({ label }) => label), STREET_LABELS)
    const [{ box: { x1, y1, x2, y2 }, classId }] = detections as [typeof detections[0] & {}]
    t.equal(classId, 11)
    t.ok(x1 > 75 && x1 < 90 && y1 > 115 && y1 < 130 && x2 > 190 && x2 < 205 && y2 > 230 && y2 < 245)
    t.ok(timing.total >= timing.inference && timing.inference > 0)
  })

  t.test('takes options, and an ArrayBuffer', async t => {
    const bytes = Uint8Array.from(STREET).buffer
    const { detections } = await engine.detect(bytes, { classes: ['bus', 'car'], scoreThreshold: 0.1, maxDetections: 1 })
    t.same(detections.map(({ label }) => label), ['bus'])
  })

  t.test('returns layers by the names that were asked for', async t => {
    const maps = await engine.features(STREET, { layers: 'stage4,fpn.lateral_convs.0.conv' })
    t.same([...maps].map(([name, { shape, data }]) => [name, shape, data.length]), [
      ['stage4', [1, 464, 13, 13], 464 * 13 * 13],
      ['fpn.lateral_convs.0.conv', [1, 96, 52, 52], 96 * 52 * 52]
    ])
    t.ok((await engine.layers()).some(({ alias }) => alias === 'stage4'))
  })

  t.test('explains', async t => {
    const { detections, explanation } = await engine.explain(STREET)
    t.same(detections, (await engine.detect(STREET)).detections)
    t.equal(explanation.candidates.filter(({ state }) => state === 'kept').length, detections.length)
    t.equal(explanation.region, undefined)
    const region = { x1: 80, y1: 120, x2: 200, y2: 240 }
    const explained = await engine.explain(STREET, { region, label: 'stop sign', scoreThreshold: 0.9 })
    t.match(explained.explanation.region, { box: [80, 120, 200, 240], verdict: { kind: 'below_threshold', label: 'stop sign' } })
    await t.rejects(engine.explain(STREET, { label: 'bus' }), { code: 'INVALID_PARAMETER', message: 'label: expected a region, too' })
    await t.rejects(engine.explain(STREET, { region, label: 'bus,person' }), { code: 'INVALID_PARAMETER', message: /expected one label/ })
    await t.rejects(engine.explain(STREET, { region, label: 'bas' }), { code: 'INVALID_PARAMETER', message: /did you mean bus/ })
    const outside = { x1: 2000, y1: 0, x2: 2100, y2: 9 }
    await t.rejects(engine.explain(STREET, { region: outside }), { code: 'INVALID_PARAMETER', message: /^region: / })
  })

  t.test('classifies', async t => {
    t.equal((await engine.classify(photo('sample-me.jpg'))).classes.length, 3)
    const { model, classes } = await engine.classify(photo('sample-me.jpg'), { model: 'kinds', topK: 1 })
    t.equal(model, 'kinds')
    t.equal(classes.length, 1)
  })

  t.test('lists models', async t => {
    t.match(engine.models, [
      { name: 'nanodet-m-416', state: 'ready', task: 'detect' },
      { name: 'kinds', task: 'classify', labels: ['cat', 'dog', 'cow'] }
    ])
    t.equal(engine.models[0]?.labels?.length, 80)
    t.ok(innerEngine(engine).isReady)
  })

  t.test('rejects with codes', async t => {
    await t.rejects(engine.detect('photo.jpg' as never), { code: 'INVALID_PARAMETER', message: /^expected the bytes of an image file .*, found string$/ })
    await t.rejects(engine.detect(Buffer.from('hello')), { code: 'UNSUPPORTED_IMAGE', statusCode: 415 })
    await t.rejects(engine.detect(STREET, { model: 'yolo' }), { code: 'MODEL_NOT_FOUND', message: 'Unknown model yolo; available: nanodet-m-416, kinds' })
    await t.rejects(engine.detect(STREET, { model: 'kinds' }), { code: 'WRONG_TASK' })
    await t.rejects(engine.detect(STREET, { classes: ['bas'] }), { code: 'INVALID_PARAMETER', message: /did you mean bus/ })
    await t.rejects(engine.classify(STREET, { topK: -1 }), { code: 'INVALID_PARAMETER', message: /^topK: / })
    await t.rejects(engine.features(STREET, { layers: ['stage4'] as never }), { code: 'INVALID_PARAMETER', message: /^layers: / })
    await t.rejects(engine.features(STREET, { layers: 'stagee4' }), { code: 'UNKNOWN_LAYER', message: /stage4/ })
  })

  t.test('a signal ends the wait', async t => {
    const reason = new Error('enough')
    await t.rejects(engine.detect(STREET, { signal: AbortSignal.abort(reason) }), reason)
    const controller = new AbortController()
    const calls = [engine.detect(STREET, { signal: controller.signal }), engine.detect(STREET, { signal: controller.signal })]
    controller.abort(reason)
    for (const call of calls) await t.rejects(call, reason)
    t.equal((await engine.detect(STREET, { signal: new AbortController().signal })).detections.length, 3)
  })
})

t.test('many calls share a signal without a warning', async t => {
  const warnings: Error[] = []
  const keep = (warning: Error): void => { warnings.push(warning) }
  process.on('warning', keep)
  t.teardown(() => process.off('warning', keep))
  const engine = await createEngine()
  t.teardown(() => engine.close())
  const { signal } = new AbortController()
  await Promise.all(Array.from({ length: 15 }, () => engine.detect(STREET, { signal })))
  t.same(warnings, [])
})

t.test('an engine that is closed rejects', async t => {
  const engine = await createEngine({ threads: 1 })
  await engine[Symbol.asyncDispose]()
  await t.rejects(engine.detect(STREET), { code: 'NOT_READY', message: 'The engine is closed' })
})

t.test('a start that fails leaves no processes and says why', async t => {
  await t.rejects(createEngine({ model: 'nanodet-g', weights: 'no/such.ckpt' }), { code: 'INVALID_MODEL', message: /such\.ckpt: no such file/ })
  await t.rejects(createEngine({ modelsDir: 'no/such/folder' }), { code: 'INVALID_PARAMETER', message: /^modelsDir: .*folder: no such file/ })
  await t.rejects(createEngine({ model: 'yolo' }), { code: 'MODEL_NOT_FOUND', message: 'Unknown model yolo; available: nanodet-m-416' })
})
