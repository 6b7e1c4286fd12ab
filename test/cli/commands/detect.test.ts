import sharp from 'sharp'
import t from 'tap'
import { detect as command } from '../../../cli/commands/detect.ts'
import { photo } from '../../support/files.ts'
import { call } from '../../support/io.ts'
import { ownModels } from '../../support/own-models.ts'

const detect = (...argv: string[]) => call(command, argv)

t.test('prints a table of the objects in a photo', async t => {
  const path = `${t.testdir({ 'me.jpg': photo('sample-me.jpg') })}/me.jpg`
  const { exitCode, stdout, stderr } = await detect(path)
  t.strictSame([exitCode, stderr], [0, ''])
  t.match(stdout, `${path}: 700×700, 2 objects; ms: queue `)
  t.match(stdout, /│ label +│ score │ +x1 │ +y1 │ +x2 │ +y2 │/)
  t.match(stdout, /│ person │ +0\.8\d │ +4\d\.\d │ +6\d\.\d │ +69\d\.\d │ +69\d\.\d │/)
  t.match(stdout, /│ tie +│ +0\.7\d │/)
})

t.test('--json prints a line per photo, as the server answers', async t => {
  const folder = t.testdir({ 'a.jpg': photo('sample-me.jpg'), 'b.jpg': photo('sample1.jpg') })
  const { exitCode, stdout } = await detect(`${folder}/a.jpg`, `${folder}/b.jpg`, '--json')
  const replies = stdout.trimEnd().split('\n').map(line => JSON.parse(line))
  t.equal(exitCode, 0)
  t.strictSame(replies.map(({ file }) => file), [`${folder}/a.jpg`, `${folder}/b.jpg`])
  t.strictSame(Object.keys(replies[0]), ['file', 'model', 'image', 'detections', 'timing'])
  t.strictSame(Object.keys(replies[0].timing), ['decode_ms', 'preprocess_ms', 'inference_ms', 'postprocess_ms', 'total_ms'])
  t.match(replies[0], { model: 'nanodet-m-416', image: { width: 700, height: 700 }, detections: [{ label: 'person', class_id: 0 }, { label: 'tie', class_id: 27 }] })
  t.strictSame(Object.keys(replies[0].detections[0].box), ['x1', 'y1', 'x2', 'y2'])
  t.strictSame(replies[1].detections.map(({ label }: { label: string }) => label), ['person', 'person', 'person'])
})

t.test('thresholds, limit and classes select objects', async t => {
  const path = `${t.testdir({ 'me.jpg': photo('sample-me.jpg') })}/me.jpg`
  const labels = async (...options: string[]): Promise<string[]> =>
    JSON.parse((await detect(path, '--json', ...options)).stdout).detections.map(({ label }: { label: string }) => label)
  t.strictSame(await labels('--score-threshold', '0.78'), ['person'])
  t.strictSame(await labels('--score-threshold', '1'), [])
  t.strictSame(await labels('--max-detections', '1'), ['person'])
  t.strictSame(await labels('--classes', 'tie, cell phone,tie'), ['tie'])
  const many = await labels('--score-threshold=.05')
  t.ok(many.length > 2, 'a low threshold finds more')
  t.ok((await labels('--score-threshold=.05', '--iou-threshold=1')).length > many.length, 'without suppression still more')
})

t.test('--out FILE.jpg draws the boxes', async t => {
  const folder = t.testdir({ 'b.png': await sharp(photo('sample1.jpg')).resize(300).png().toBuffer() })
  const { exitCode, stdout } = await detect(`${folder}/b.png`, '--out', `${folder}/new/one.JPG`)
  t.equal(exitCode, 0)
  t.match(stdout, `drawn to ${folder}/new/one.JPG`)
  t.match(await sharp(`${folder}/new/one.JPG`).metadata(), { format: 'jpeg', width: 300, height: 200 })
})

t.test('a bad photo is a line on stderr, and does not stop the others', async t => {
  const folder = t.testdir({ 'a.jpg': 'text', 'b.jpg': photo('sample-me.jpg').subarray(0, 20_000), 'c.jpg': photo('sample-me.jpg') })
  const { exitCode, stdout, stderr } = await detect(...['none.jpg', 'a.jpg', 'b.jpg', 'c.jpg'].map(name => `${folder}/${name}`))
  const lines = stderr.trimEnd().split('\n')
  t.equal(exitCode, 1)
  t.equal(lines.length, 3)
  t.equal(lines[0], `${folder}/none.jpg: no such file or directory`)
  t.match(lines[1], `${folder}/a.jpg: Cannot decode plain text`)
  t.match(lines[2], `${folder}/b.jpg: The JPEG image is damaged`)
  t.match(stdout, `${folder}/c.jpg: 700×700, 2 objects`)
})

t.test('a drawing that cannot be written is a line on stderr', async t => {
  const folder = t.testdir({ 'a.jpg': photo('sample-me.jpg'), file: '' })
  const { exitCode, stderr } = await detect(`${folder}/a.jpg`, '--out', `${folder}/file/a.jpg`)
  t.strictSame([exitCode, stderr], [1, `${folder}/file/a.jpg: is a file, not a directory\n`])
})

t.test('wrong arguments are a line on stderr and exit code 2', async t => {
  const wrong: [string[], RegExp][] = [
    [[], /^Expected a photo/],
    [['a.jpg', '--scale', '2'], /^Unknown option --scale; nanodet detect --help/],
    [['a.jpg', '--model', 'yolo'], /^--model: unknown model yolo/],
    [['a.jpg', '--score-threshold', '1.5'], /^--score-threshold: expected a number from 0 to 1, found 1\.5/],
    [['a.jpg', '--score-threshold='], /^--score-threshold: .* found nothing/],
    [['a.jpg', '--iou-threshold', 'NaN'], /^--iou-threshold: .* found NaN/],
    [['a.jpg', '--max-detections', '0'], /^--max-detections: expected a whole number from 1 to 100000, found 0/],
    [['a.jpg', '--max-detections', '1.5'], /^--max-detections: .* found 1\.5/],
    [['a.jpg', '--classes', 'person,unicorn'], /^--classes: the model has no label unicorn/],
    [['a.jpg', '--classes', ','], /^--classes: expected labels/],
    [['a.jpg', '--out', 'drawn.png'], /^--out: expected a \.jpg file or a folder, found drawn\.png/],
    [['a.jpg', '--out', 's3://bucket/found'], /^--out: expected a folder; nanodet bulk writes to S3/],
    [['a.jpg', 'b.jpg', '--out', 'drawn.jpg'], /^--out: expected a folder, since there are several photos/],
    [['a.jpg', '--draw'], /^--draw: needs --out DIR, a folder for the results/],
    [['a.jpg', '--format', 'csv', '--out', 'a.jpg'], /^--format: needs --out DIR/],
    [['a.jpg', '--retry-failed'], /^--retry-failed: needs --out DIR/],
    [['a.jpg', '--out', 'found', '--format', 'csv,xml'], /^--format: expected some of jsonl, coco, csv, yolo/],
    [['a.jpg', '--out', 'found', '--annotations', 'a.json'], /^--annotations: needs --format coco/]
  ]
  for (const [argv, message] of wrong) {
    const { exitCode, stdout, stderr } = await detect(...argv)
    t.strictSame([exitCode, stdout], [2, ''], argv.join(' '))
    t.match(stderr, message)
    t.match(stderr, /^[^\n]+\n$/)
  }
})

t.test('a model of the user\'s: config, graph, and by name', async t => {
  const { folder, photo } = ownModels(t)
  const find = async (...options: string[]) => {
    const { exitCode, stdout, stderr } = await detect(photo, '--json', '--score-threshold', '0.01', ...options)
    t.same([exitCode, stderr], [0, ''])
    return JSON.parse(stdout)
  }
  const { detections, model } = await find('--model', `${folder}/small.yml`)
  t.equal(model, 'small')
  t.ok(detections.length > 0)
  t.ok(detections.every(({ label }: { label: string }) => ['cat', 'dog', 'cow'].includes(label)))
  t.same((await find('--model', 'small', '--models-dir', folder)).detections, detections)
  t.same((await find('--model', `${folder}/graph.onnx`)).detections.length, detections.length)
})
