import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { evaluate } from '../../../cli/commands/eval.ts'
import type { CocoResult } from '../../../cli/eval/ground-truth.ts'
import { PHOTO_TRUTH, PHOTOS } from '../../support/datasets.ts'
import { call } from '../../support/io.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER, torchFile } from '../../support/model-files.ts'
import { opaqueGraph } from '../../support/opaque-graph.ts'
import { upstreamYaml } from '../../support/upstream-yaml.ts'
import { vocXml } from '../../support/voc-xml.ts'

const TRUTH = JSON.stringify(PHOTO_TRUTH)
const DATA = ['--images', 'DIR/images', '--annotations', 'DIR/truth.json']

type Files = Parameters<typeof t.testdir>[0] & object

/** Runs the command beside some files; DIR in `argv` stands for their folder. */
async function run (t: Pick<typeof import('tap')['default'], 'testdir'>, argv: string[], files: Files = {}, options = {}) {
  const folder = t.testdir({ images: PHOTOS, 'truth.json': TRUTH, ...files })
  const result = await call(evaluate, argv.map(argument => argument.replace('DIR', folder)), options)
  return { folder, ...result }
}

t.test('prints metrics as a table, and progress on a terminal', async t => {
  const { exitCode, stdout, stderr } = await run(t, DATA, {}, { isTTY: true })
  t.equal(exitCode, 0)
  t.match(stdout, /^nanodet-m-416: 3 images in \d+\.\d s, \d+\.\d ms per image\n/)
  for (const metric of ['AP', 'AP50', 'AP75', 'APl', 'AR1', 'AR10', 'AR100']) t.match(stdout, new RegExp(`│ ${metric} +│ [01]\\.\\d{4} │`))
  t.match(stdout, /│ APs +│ +– │/, 'there are no small objects')
  t.match(stderr, '/3 images')
})

t.test('--json prints one object, --detections and --out write files', async t => {
  const { folder, stdout, stderr } = await run(t, [...DATA, '--json', '--detections', 'DIR/new/found.json', '--out', 'DIR/report'])
  const metrics = JSON.parse(stdout)
  t.equal(stderr, '')
  t.match(metrics, { model: 'nanodet-m-416', images: 3, seconds: Number, APs: -1, unknown_categories: [], notes: [] })
  t.ok(metrics.AP > 0.7 && metrics.AP < 1, `AP ${metrics.AP}`)
  t.same(JSON.parse(readFileSync(`${folder}/report/metrics.json`, 'utf8')), metrics)
  t.same(readdirSync(`${folder}/report`).sort(), ['confusion.csv', 'confusion.svg', 'metrics.json', 'per-class.csv', 'precision-recall.svg'])
  const found = JSON.parse(readFileSync(`${folder}/new/found.json`, 'utf8')) as CocoResult[]
  const [x, y, width, height] = found[0]!.bbox
  t.ok(Math.abs(x - 46) < 6 && Math.abs(y - 65) < 6 && Math.abs(width - 649) < 9 && Math.abs(height - 633) < 9, 'x, y, width, height', { found: found[0] })
})

t.test('an image listed two times counts once', async t => {
  const { images, ...rest } = PHOTO_TRUTH
  const { stdout } = await run(t, [...DATA, '--json'], { 'truth.json': JSON.stringify({ ...rest, images: [...images, ...images] }) })
  const { AP, images: count, notes } = JSON.parse(stdout)
  t.same([count, notes], [3, ['3 repeated images: each counts once']])
  t.equal(AP, JSON.parse((await run(t, [...DATA, '--json'])).stdout).AP)
})

t.test('YOLO labels and Pascal VOC\'s annotations give the same result', async t => {
  const size = 700
  const yolo = { 'me.txt': `0 ${(40 + 655 / 2) / size} ${(70 + 628 / 2) / size} ${655 / size} ${628 / size}\n1 ${(262 + 49) / size} ${(538 + 81) / size} ${98 / size} ${162 / size}\n` }
  const voc = { 'me.xml': vocXml('me.jpg', [{ name: 'person', corners: [41, 71, 695, 698] }, { name: 'tie', corners: [263, 539, 360, 700] }]) }
  const files = { images: { 'me.jpg': PHOTOS['me.jpg'] }, yolo, voc }
  const apOf = async (...argv: string[]): Promise<number> => JSON.parse((await run(t, ['--images', 'DIR/images', '--json', ...argv], files)).stdout).AP
  const ap = await apOf('--annotations', 'DIR/voc')
  t.ok(ap > 0.8, `AP ${ap}`)
  t.equal(await apOf('--annotations', 'DIR/yolo', '--class-names', 'person,tie'), ap)
})

t.test('a detector of the user\'s, as a config with a checkpoint and as an ONNX file', async t => {
  const model = seededModel(SMALL)
  const truth = { ...PHOTO_TRUTH, categories: [{ id: 1, name: 'cat' }, ...PHOTO_TRUTH.categories.slice(1)] }
  const files = { 'my.yml': upstreamYaml(SMALL), 'my.ckpt': torchFile(model.stateDict), 'truth.json': JSON.stringify(truth) }
  const { stdout, stderr } = await run(t, [...DATA, '--model', 'DIR/my.yml'], files)
  t.equal(stderr, '')
  t.match(stdout, /^my: 3 images in /)
  t.match(stdout, '2 classes unknown to the model, never found: tie, cell phone')
  const labels = { ...PHOTO_TRUTH, categories: [{ id: 1, name: 'class_0' }] }
  const opaque = await run(t, [...DATA, '--model', 'DIR/graph.onnx', '--json'], { 'graph.onnx': opaqueGraph(model), 'truth.json': JSON.stringify(labels) })
  t.match(JSON.parse(opaque.stdout), { model: 'graph', images: 3 })
})

t.test('a classifier on class folders and on a list', async t => {
  const checkpoint = safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict)
  const files = {
    'kinds.json': CLASSIFIER_JSON,
    'kinds.safetensors': checkpoint,
    images: { cat: { 'me.jpg': PHOTOS['me.jpg'] }, dog: { 'three.jpg': PHOTOS['three.jpg'] } },
    'list.csv': 'cat/me.jpg,cat\ndog/three.jpg,dog\n'
  }
  const argv = ['--images', 'DIR/images', '--model', 'DIR/kinds.json']
  const { folder, stdout, stderr } = await run(t, [...argv, '--out', 'DIR/report'], files)
  t.equal(stderr, '')
  t.match(stdout, /^kinds: 2 images in .*\ntop-1 accuracy [01]\.\d{4}, top-5 accuracy 1\.0000\n/)
  t.ok(readdirSync(`${folder}/report`).includes('predictions.jpg'))
  const { stdout: json } = await run(t, [...argv, '--annotations', 'DIR/list.csv', '--json'], files)
  t.match(JSON.parse(json), { model: 'kinds', images: 2, top5: 1 })
  t.match(await run(t, [...argv, '--class-names', 'a'], files), { exitCode: 2, stderr: /^--class-names: only for detectors, and kinds is a classifier\n$/ })
})

t.test('an image that can\'t be used ends the evaluation with its name', async t => {
  const { exitCode, stdout, stderr, folder } = await run(t, DATA, { images: { ...PHOTOS, 'three.jpg': 'text' } })
  t.strictSame([exitCode, stdout], [1, ''])
  t.match(stderr, `${folder}/images/three.jpg: Cannot decode plain text`)
  t.match(await run(t, DATA, { images: { 'me.jpg': PHOTOS['me.jpg'] } }), { exitCode: 1, stderr: /images: 2 of 3 images missing: three\.jpg, phone\.jpg\n$/ })
})

t.test('files that can\'t be used are one line', async t => {
  const unicorn = JSON.stringify({ ...PHOTO_TRUTH, categories: [{ id: 1, name: 'unicorn' }] })
  t.match(await run(t, DATA, { 'truth.json': unicorn }), { exitCode: 1, stderr: /^the data set has none of the classes of nanodet-m-416: unicorn against [^\n]+\n$/ })
  t.match(await run(t, DATA, { 'truth.json': '{' }), { exitCode: 1, stderr: /^[^\n]+truth\.json: not JSON: [^\n]+\n$/ })
  t.match(await run(t, [...DATA.slice(0, 2), '--annotations', 'DIR/none.json']), { exitCode: 1, stderr: /none\.json: no such file or directory\n$/ })
  t.match(await run(t, [...DATA, '--detections', 'DIR/truth.json/found.json']), { exitCode: 1, stdout: /AP50/, stderr: /^[^\n]+\n$/ },
    'the metrics are not lost')
})

t.test('wrong arguments are exit code 2', async t => {
  for (const argv of [[], ['--annotations', 'a'], ['--images', 'a'], ['a'], [...DATA, '--format', 'pascal'], [...DATA, '--model', 'yolo']]) {
    const { exitCode, stdout, stderr } = await run(t, argv)
    t.strictSame([exitCode, stdout], [2, ''], argv.join(' '))
    t.match(stderr, /^[^\n]+\n$/)
  }
})
