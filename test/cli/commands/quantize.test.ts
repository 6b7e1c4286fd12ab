import { readFileSync } from 'node:fs'
import t from 'tap'
import { quantize } from '../../../cli/commands/quantize.ts'
import type { CalibrationTable } from '../../../models/calibration-table.ts'
import { call } from '../../support/io.ts'
import { PHOTO_TRUTH, PHOTOS } from '../../support/datasets.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER, torchFile } from '../../support/model-files.ts'
import { opaqueGraph } from '../../support/opaque-graph.ts'
import { upstreamYaml } from '../../support/upstream-yaml.ts'

const ME = { 'me.jpg': PHOTOS['me.jpg'] }
const TRUTH = {
  ...PHOTO_TRUTH,
  images: PHOTO_TRUTH.images.slice(0, 1),
  annotations: PHOTO_TRUTH.annotations.filter(annotation => annotation.image_id === 42)
}

type Files = Parameters<typeof t.testdir>[0] & object

/** Runs the command beside some files; DIR in `argv` stands for their folder. */
async function run (t: Pick<typeof import('tap')['default'], 'testdir'>, argv: string[], files: Files = {}) {
  const folder = t.testdir({ images: ME, 'truth.json': JSON.stringify(TRUTH), ...files })
  const result = await call(quantize, argv.map(argument => argument.replace('DIR', folder)))
  return { folder, ...result }
}

t.test('writes a calibration table, and prints what int8 costs and gains', async t => {
  const { folder, ...result } = await run(t, [
    '--images', 'DIR/images', '--annotations', 'DIR/truth.json', '--out', 'DIR/new/calibration.json', '--rounds', '5'
  ])
  t.strictSame([result.exitCode, result.stderr], [0, ''])
  t.match(result.stdout, /^nanodet-m-416: calibrated on 1 image by least-squares, written to .*calibration\.json\n/)
  t.match(result.stdout, /^fp32 \d+\.\d\d ms, int8 \d+\.\d\d ms: \d\.\d\d × as fast/m)
  t.match(result.stdout, /^AP [01]\.\d{4} in fp32, [01]\.\d{4} in int8, on the calibration image$/m)
  t.match(result.stdout, /^\d{4} channels equalized$/m)
  const { factors, ranges } = JSON.parse(readFileSync(`${folder}/new/calibration.json`, 'utf8')) as CalibrationTable
  t.ok(Object.keys(ranges).length > 50)
  t.ok(Object.values(ranges).every(([low, high]) => low <= 0 && high >= 0))
  t.ok(Object.values(factors).flat().every(factor => factor > 0))
})

t.test('every second annotated image measures AP, and is not calibrated on', async t => {
  const { stdout, stderr } = await run(t, [
    '--images', 'DIR/images', '--annotations', 'DIR/truth.json', '--out', 'DIR/calibration.json', '--rounds', '1', '--json'
  ], { images: PHOTOS, 'truth.json': JSON.stringify(PHOTO_TRUTH) })
  t.equal(stderr, '')
  const { images, ap } = JSON.parse(stdout)
  const annotated = PHOTO_TRUTH.images.length
  t.same([images + ap.images, ap.images, ap.other], [Object.keys(PHOTOS).length, Math.floor(annotated / 2), true])
})

t.test('a detector of the user\'s; --json prints one object', async t => {
  const files = { 'my.yml': upstreamYaml(SMALL), 'weights.ckpt': torchFile(seededModel(SMALL).stateDict) }
  const { stdout, stderr } = await run(t, [
    '--model', 'DIR/my.yml', '--weights', 'DIR/weights.ckpt', '--images', 'DIR/images', '--out', 'DIR/calibration.json', '--method', 'min-max', '--rounds', '3', '--json'
  ], files)
  t.equal(stderr, '')
  const { model, images, method, speed, ap } = JSON.parse(stdout)
  t.same([model, images, method, ap], ['my', 1, 'min-max', undefined])
  t.ok(speed.fp32 > 0 && speed.int8 > 0 && speed.ratio > 0)
})

t.test('only detectors of known layers', async t => {
  const files = { 'kinds.json': CLASSIFIER_JSON, 'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict) }
  t.match(await run(t, ['--model', 'DIR/kinds.json', '--images', 'DIR/images'], files),
    { exitCode: 2, stderr: '--model: kinds is a classifier; only detectors with a NanoDet config can be quantized\n' })
  t.match(await run(t, ['--model', 'DIR/graph.onnx', '--images', 'DIR/images'], { 'graph.onnx': opaqueGraph(seededModel(SMALL)) }),
    { exitCode: 2, stderr: /^--model: graph is an ONNX graph that runs as it is; only detectors/ })
})

t.test('names what it can\'t use', async t => {
  t.match(await run(t, []), { exitCode: 2, stderr: /^Missing option --images DIR; / })
  t.match(await run(t, ['--images', 'DIR/images', '--method', 'best']), { exitCode: 2, stderr: /^--method: expected min-max, .* or least-squares, found best/ })
  t.match(await run(t, ['--images', 'DIR/none']), { exitCode: 1, stderr: /none: no such file or directory\n$/ })
  t.match(await run(t, ['--images', 'DIR/images'], { images: { 'notes.txt': '' } }), { exitCode: 1, stderr: /images: no images\n$/ })
  t.match(await run(t, ['--images', 'DIR/images'], { images: { 'a.jpg': 'text' } }), { exitCode: 1, stderr: /a\.jpg: / })
})
