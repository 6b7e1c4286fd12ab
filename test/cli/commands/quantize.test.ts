import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { main } from '../../cli/quantize.ts'
import { photo } from '../support/files.ts'
import { runMain } from '../support/io.ts'

const PERSON = { id: 1, name: 'person' }
const ANNOTATIONS = {
  images: [{ id: 1, file_name: 'me.jpg', width: 700, height: 700 }],
  annotations: [{ id: 1, image_id: 1, category_id: PERSON.id, bbox: [40, 70, 655, 628], area: 655 * 628, iscrowd: 0 }],
  categories: [PERSON]
}

/** Quantizes by one photo; DIR in `argv` stands for the directory that has it in `images`. */
async function quantize (t: Pick<Test, 'testdir'>, argv: string[], images: Record<string, Buffer | string> = { 'me.jpg': photo('sample-me.jpg') }) {
  const folder = t.testdir({ images, 'instances.json': JSON.stringify(ANNOTATIONS) })
  const run = await runMain(main, argv.map(argument => argument.replace('DIR', folder)))
  return { folder, ...run }
}

t.test('writes ranges, and says what int8 costs and gains', async t => {
  const { folder, ...run } = await quantize(t, [
    'nanodet-m-416', '--images', 'DIR/images', '--annotations', 'DIR/instances.json', '--out', 'DIR/new/calibration.json', '--rounds', '5'
  ])
  t.strictSame([run.exitCode, run.stderr], [0, ''])
  t.match(run.stdout, /^nanodet-m-416: calibrated on 1 images by least-squares, written to .*calibration\.json\n/)
  t.match(run.stdout, /^fp32 \d+\.\d\d ms, int8 \d+\.\d\d ms: \d\.\d\d × as fast/m)
  t.match(run.stdout, /^AP [01]\.\d{4} in fp32, [01]\.\d{4} in int8$/m)
  const calibration: Record<string, [number, number]> = JSON.parse(readFileSync(`${folder}/new/calibration.json`, 'utf8'))
  t.ok(Object.keys(calibration).length > 50)
  t.ok(Object.values(calibration).every(([low, high]) => low <= 0 && high >= 0))
})

t.test('--json prints one object', async t => {
  const { stdout } = await quantize(t, ['--images', 'DIR/images', '--out', 'DIR/calibration.json', '--method', 'min-max', '--rounds', '3', '--json'])
  const { model, images, method, speed, ap } = JSON.parse(stdout)
  t.same([model, images, method, ap], ['nanodet-m-416', 1, 'min-max', undefined])
  t.ok(speed.fp32 > 0 && speed.int8 > 0 && speed.ratio > 0)
})

t.test('says what it can\'t use', async t => {
  t.match(await quantize(t, []), { exitCode: 2, stderr: /^Expected one model and --images DIR/ })
  t.match(await quantize(t, ['--images', 'DIR/images', '--method', 'best']), { exitCode: 2, stderr: /^--method: expected one of min-max, .*, found best\n$/ })
  t.match(await quantize(t, ['--images', 'DIR/none']), { exitCode: 1, stderr: /none: no such file or directory\n$/ })
  t.match(await quantize(t, ['--images', 'DIR/images'], { 'notes.txt': '' }), { exitCode: 1, stderr: /images: has no photos\n$/ })
  t.match(await quantize(t, ['--images', 'DIR/images'], { 'a.jpg': 'text' }), { exitCode: 1, stderr: /a\.jpg: / })
  t.match(await quantize(t, ['--help']), { exitCode: 0, stdout: /^Quantizes a model to int8/ })
})
