import { readFile } from 'node:fs/promises'
import t from 'tap'
import type { CocoAnnotations, CocoResult } from '../../cli/coco-ap.ts'
import { main } from '../../cli/eval.ts'
import { photo } from '../support/files.ts'
import { runMain } from '../support/io.ts'

type Bbox = CocoResult['bbox']

const PERSON = 1
const TIE = 32
const CELL_PHONE = 77

const box = (id: number, imageId: number, categoryId: number, bbox: Bbox) =>
  ({ id, image_id: imageId, category_id: categoryId, bbox, area: bbox[2] * bbox[3] })

/** Boxes as they were seen by eye, with COCO's own category ids, which have gaps. */
const ANNOTATIONS: CocoAnnotations = {
  images: [
    { id: 42, file_name: 'me.jpg', width: 700, height: 700 },
    { id: 7, file_name: 'three.jpg', width: 1920, height: 1280 },
    { id: 8, file_name: 'phone.jpg', width: 1920, height: 1367 }
  ],
  annotations: [
    box(1, 42, PERSON, [40, 70, 655, 628]),
    box(2, 42, TIE, [262, 538, 98, 162]),
    box(3, 7, PERSON, [190, 245, 540, 1030]),
    box(4, 7, PERSON, [700, 300, 560, 975]),
    box(5, 7, PERSON, [1205, 170, 610, 1100]),
    box(6, 8, CELL_PHONE, [70, 1255, 230, 95])
  ],
  categories: [{ id: PERSON, name: 'person' }, { id: TIE, name: 'tie' }, { id: CELL_PHONE, name: 'cell phone' }]
}

const PHOTOS = { 'me.jpg': photo('sample-me.jpg'), 'three.jpg': photo('sample1.jpg'), 'phone.jpg': photo('sample2.jpg') }

type Test = typeof t
type Directory = Parameters<Test['testdir']>[0]

interface Setting { images?: Directory & object, truth?: unknown, argv?: string[], isTTY?: boolean }

/** Evaluates a directory of photos with annotations; DIR in `argv` stands for the directory above both. */
async function evaluate (t: Pick<Test, 'testdir'>, { images = PHOTOS, truth = ANNOTATIONS, argv = [], isTTY = false }: Setting = {}) {
  const folder = t.testdir({ images, 'instances.json': typeof truth === 'string' ? truth : JSON.stringify(truth) })
  const options = argv.map(argument => argument.replace('DIR', folder))
  const run = await runMain(main, ['--images', `${folder}/images`, '--annotations', `${folder}/instances.json`, ...options], { isTTY })
  return { folder, ...run }
}

t.test('prints the figures as a table', async t => {
  const { exitCode, stdout, stderr } = await evaluate(t)
  t.strictSame([exitCode, stderr], [0, ''])
  t.match(stdout, /^nanodet-m-416: 3 images in \d+\.\d seconds, \d+\.\d ms per image\n/)
  for (const figure of ['AP', 'AP50', 'AP75', 'APl', 'AR1', 'AR10', 'AR100']) t.match(stdout, new RegExp(`│ ${figure} +│ [01]\\.\\d{4} │`))
  t.match(stdout, /│ APs +│ +– │/, 'there are no small objects')
  t.match(stdout, /│ APm +│ +– │/, 'nor medium ones')
})

t.test('--json prints one object; what is found matches what is seen', async t => {
  const figures = JSON.parse((await evaluate(t, { argv: ['--json'] })).stdout)
  t.match(figures, { model: 'nanodet-m-416', images: 3, seconds: Number, ms_per_image: Number, APs: -1 })
  t.ok(figures.AP50 > 0.9, `AP50 ${figures.AP50}`)
  t.ok(figures.AP > 0.7 && figures.AP < 1, `AP ${figures.AP}`)
  t.ok(Math.abs(figures.ms_per_image - figures.seconds * 1000 / 3) < 1e-9)
})

t.test('boxes elsewhere score nothing', async t => {
  const truth = { ...ANNOTATIONS, annotations: [box(1, 42, PERSON, [0, 0, 40, 40]), box(2, 7, TIE, [0, 0, 40, 40])] }
  t.match(JSON.parse((await evaluate(t, { truth, argv: ['--json'] })).stdout), { AP: 0, AR100: 0 })
})

t.test('--detections writes COCO\'s results, low scores included, in the file\'s own categories', async t => {
  const { folder } = await evaluate(t, { argv: ['--detections', 'DIR/found.json'] })
  const found = JSON.parse(await readFile(`${folder}/found.json`, 'utf8')) as CocoResult[]
  t.strictSame(new Set(found.map(result => result.category_id)), new Set([PERSON, TIE, CELL_PHONE]))
  t.strictSame([...new Set(found.map(result => result.image_id))], [42, 7, 8], 'in the order of the images')
  t.ok(found.every(({ score }) => score > 0.05) && found.some(({ score }) => score < 0.1))
  const [x, y, width, height] = found[0]!.bbox
  t.ok(Math.abs(x - 46) < 6 && Math.abs(y - 65) < 6 && Math.abs(width - 649) < 9 && Math.abs(height - 633) < 9, 'x, y, width, height', { found: found[0] })
})

t.test('a terminal sees the progress', async t => {
  t.match((await evaluate(t, { isTTY: true, argv: ['--json'] })).stderr, '/3 images')
})

t.test('an image that cannot be used ends the evaluation with its name', async t => {
  const broken = { ...PHOTOS, 'three.jpg': 'text' }
  const { exitCode, stdout, stderr, folder } = await evaluate(t, { images: broken })
  t.strictSame([exitCode, stdout], [1, ''])
  t.match(stderr, `${folder}/images/three.jpg: Cannot decode plain text`)
  t.match(stderr, /^[^\n]+\n$/)
  const missing = await evaluate(t, { images: { 'me.jpg': PHOTOS['me.jpg'] } })
  t.equal(missing.exitCode, 1)
  t.match(missing.stderr, /images\/(three|phone)\.jpg: no such file or directory\n$/)
})

t.test('annotations that cannot be used are one line', async t => {
  const wrong: [unknown, RegExp][] = [
    ['{', /instances\.json: is no JSON\n$/],
    [{ ...ANNOTATIONS, categories: undefined }, /instances\.json: no COCO annotations: categories: /],
    [{ ...ANNOTATIONS, images: [{ id: 1 }] }, /instances\.json: no COCO annotations: images: 0: file_name: /],
    [{ ...ANNOTATIONS, images: [] }, /instances\.json: no COCO annotations: images: /],
    [{ ...ANNOTATIONS, categories: [{ id: 1, name: 'unicorn' }] }, /instances\.json: has none of the categories that nanodet-m-416 knows\n$/]
  ]
  for (const [truth, message] of wrong) {
    const { exitCode, stdout, stderr } = await evaluate(t, { truth, images: {} })
    t.strictSame([exitCode, stdout], [1, ''])
    t.match(stderr, message)
    t.match(stderr, /^[^\n]+\n$/)
  }
})

t.test('paths that do not exist are one line', async t => {
  const { exitCode, stderr } = await evaluate(t, { argv: ['--images', 'DIR/none'] })
  t.equal(exitCode, 1)
  t.match(stderr, /^[^\n]*\/none: no such file or directory\n$/)
  t.match(await evaluate(t, { argv: ['--annotations', 'DIR/none.json'] }), { exitCode: 1, stderr: /none\.json: no such file or directory\n$/ })
  t.match(await evaluate(t, { argv: ['--detections', 'DIR/no/found.json'] }), { exitCode: 1, stdout: /AP50/, stderr: /found\.json: no such file or directory\n$/ },
    'the figures are not lost')
})

t.test('wrong arguments are exit code 2', async t => {
  for (const argv of [[], ['--images', 'a'], ['--annotations', 'a'], ['a', 'b'], ['--images', 'a', '--annotations', 'b', '--model', 'yolo']]) {
    const { exitCode, stdout, stderr } = await runMain(main, argv)
    t.strictSame([exitCode, stdout], [2, ''], argv.join(' '))
    t.match(stderr, /^[^\n]+\n$/)
  }
})

t.test('--help lists the options', async t => {
  const { exitCode, stdout } = await runMain(main, ['--help'])
  t.equal(exitCode, 0)
  for (const option of ['--images', '--annotations', '--model', '--detections', '--json']) t.match(stdout, option)
})
