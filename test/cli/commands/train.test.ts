import { existsSync } from 'node:fs'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { train } from '../../../cli/commands/train.ts'
import { call } from '../../support/io.ts'
import { labeledPhotos } from '../../support/labeled-photos.ts'
import { vocXml } from '../../support/voc-xml.ts'

const { photos, truth } = await labeledPhotos(3)
type Truth = { -readonly [K in keyof typeof truth]: any[] }

/** Runs the command on good data with changes; DIR stands for the folder. Nothing may be written. */
async function refusal (t: Test, change: { truth?: (truth: Truth) => void, files?: Record<string, any>, argv?: string[] }) {
  const changed = structuredClone(truth) as unknown as Truth
  change.truth?.(changed)
  const folder = t.testdir({ photos: { ...photos }, 'truth.json': JSON.stringify(changed), file: '', ...change.files })
  const argv = ['--images', 'DIR/photos', '--annotations', 'DIR/truth.json', '--out', 'DIR/models/new', ...change.argv ?? []]
  const given = new Map(argv.flatMap((word, i) => i % 2 === 0 ? [[word, argv[i + 1]!.replaceAll('DIR', folder)] as const] : []))
  const { exitCode, stdout, stderr } = await call(train, [...given].flat())
  t.ok(exitCode === 1 || exitCode === 2, stderr)
  t.equal(stdout, '')
  t.notOk(existsSync(`${folder}/models`), 'nothing is written')
  return stderr
}

const rotated = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'gray' } }).jpeg().withMetadata({ orientation: 6 }).toBuffer()
const box = (bbox: unknown) => (truth: Truth) => { truth.annotations[0].bbox = bbox }
const labels = (text: string) => ({ labels: { '1.txt': text }, 'classes.txt': 'disc\nsquare\n' })
const YOLO = ['--annotations', 'DIR/labels']

/** Bad data, and the line that names the fault. */
const FAULTS: Record<string, [change: Parameters<typeof refusal>[1], line: RegExp]> = {
  'no photos': [{ argv: ['--images', 'DIR/none'] }, /none: no such file or directory/],
  'no annotations': [{ argv: ['--annotations', 'DIR/none.json'] }, /none\.json: no such file or directory/],
  'not JSON': [{ files: { 'truth.json': '{"images": [NaN' } }, /truth\.json: not JSON: /],
  'JSON of another kind': [{ files: { 'truth.json': '{}' } }, /truth\.json: not a COCO instances file: /],
  'a number too large for JSON': [{ files: { 'truth.json': JSON.stringify(truth).replace('"bbox":[', '"bbox":[1e999,') } }, /annotations: 0: bbox: /],
  'a missing photo': [{ truth: truth => { truth.images[0].file_name = 'x.jpg' } }, /1 of 3 images missing: x\.jpg/],
  'a truncated photo': [{ files: { photos: { ...photos, '1.jpg': photos['1.jpg']!.subarray(0, 700) } } }, /^1 photo can't be read: 1\.jpg \(The JPEG image is damaged/m],
  'a text instead of a photo': [{ files: { photos: { ...photos, '1.jpg': 'hello' } } }, /^1 photo can't be read: 1\.jpg \(Cannot decode plain text/m],
  'an empty photo': [{ files: { photos: { ...photos, '1.jpg': '' } } }, /^1 photo can't be read: 1\.jpg \(The image is empty\)/m],
  'a box without area': [{ truth: box([5, 5, 0, 9]) }, /^1 annotation has no area: 1\.jpg \[5, 5, 0, 9\]$/m],
  'a negative size': [{ truth: box([5, 5, -5, 9]) }, /^1 annotation has no area/m],
  'a box outside': [{ truth: box([500, 5, 9, 9]) }, /^1 annotation is outside the photo: 1\.jpg/m],
  'a huge box': [{ truth: box([5, 5, 1e7, 9]) }, /^1 annotation reaches far outside the photo: 1\.jpg/m],
  'an unknown category': [{ truth: truth => { truth.annotations[0].category_id = 7 } }, /^1 annotation has a category that is not listed: 1\.jpg .* category 7$/m],
  'an unknown image': [{ truth: truth => { truth.annotations[0].image_id = 7 } }, /^1 annotation is of an image that is not listed: image 7/m],
  'a category twice': [{ truth: truth => { truth.categories[1].name = 'disc' } }, /^categories with the same name: disc$/m],
  'a category id twice': [{ truth: truth => { truth.categories.push({ id: 1, name: 'again' }) } }, /^category id used more than once: 1$/m],
  'a category without a name': [{ truth: truth => { truth.categories[0].name = '' } }, /^a category has an empty name$/m],
  'an image id twice': [{ truth: truth => { truth.images.push(truth.images[0]) } }, /^image id used more than once: 1$/m],
  'an annotation id twice': [{ truth: truth => { truth.annotations[0].id = 2 } }, /^annotation id used more than once: 2$/m],
  'a photo twice': [{ truth: truth => { truth.images[0].file_name = '2.jpg' } }, /^1 photo is listed under several ids: 2\.jpg$/m],
  'no objects': [{ truth: truth => { truth.annotations = [] } }, /^no objects are annotated in the photos of /m],
  'one photo': [{ truth: truth => { truth.images = truth.images.slice(0, 1); truth.annotations = truth.annotations.slice(0, 1) } }, /^1 photo is not enough/m],
  'other sizes': [{ truth: truth => Object.assign(truth.images[0], { width: 200, height: 100 }) }, /^1 photo has another size than annotated: 1\.jpg \(annotated 200×100, displayed 96×96\)$/m],
  'sizes before rotation': [
    { files: { photos: { ...photos, '1.jpg': rotated } }, truth: truth => { Object.assign(truth.images[0], { width: 60, height: 40 }); truth.annotations[0].bbox = [1, 1, 20, 20] } },
    /^1 photo is annotated as stored, not as displayed: 1\.jpg \(annotated 60×40, displayed 40×60\)$/m
  ],
  'photos to train among those to validate': [{ argv: ['--val-annotations', 'DIR/truth.json'] }, /^3 photos are both to train and to validate: 1\.jpg, 2\.jpg, 3\.jpg$/m],
  'a YOLO line that is none': [{ files: labels('0 .5 .5 .1\n'), argv: YOLO }, /labels\/1\.txt:1: expected class x y width height/],
  'a YOLO class that is none': [{ files: labels('5 .5 .5 .1 .1\n'), argv: YOLO }, /labels\/1\.txt: class 5, but only 2 class names/],
  'no names of YOLO classes': [{ files: { labels: { '1.txt': '0 .5 .5 .1 .1' } }, argv: YOLO }, /labels: no class names found: give them with --class-names/],
  'XML that is none': [{ files: { xml: { '1.xml': '<annotation><object>' } }, argv: ['--annotations', 'DIR/xml'] }, /1\.xml: not XML: /],
  'XML without a photo': [{ files: { xml: { '9.xml': vocXml('9.jpg', []) } }, argv: ['--annotations', 'DIR/xml'] }, /1 image missing: 9\.jpg/],
  'a name that no model can have': [{ argv: ['--out', 'DIR/models/.new'] }, /^--out: \.new can't name a model/],
  'a file in place of a folder': [{ argv: ['--out', 'DIR/file/new'] }, /file: is a file, not a directory/],
  'a size that no network takes': [{ argv: ['--size', '100'] }, /^--size: expected a multiple of 32, found 100/],
  'a part that no network has': [{ argv: ['--freeze', 'head'] }, /^--freeze: shufflenetv2 has no head to freeze/]
}

for (const [fault, [change, line]] of Object.entries(FAULTS)) {
  t.test(`${fault}: one line, and nothing is written`, async t => {
    const said = await refusal(t, change)
    t.match(said, line)
    t.equal(said.trimEnd().split('\n').length, 1)
  })
}

t.test('wrong options are named', async t => {
  t.match(await call(train, ['--images', '.']), { exitCode: 2, stderr: /^Missing option --out DIR\/NAME; / })
  t.match(await call(train, ['--task', 'segment', '--images', '.', '--out', 'x']), { exitCode: 2, stderr: /^--task: expected detect or classify/ })
})
