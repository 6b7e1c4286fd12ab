import { fileURLToPath } from 'node:url'
import t from 'tap'
import { comparePhotos } from '../../bench/compare-photos.ts'
import { photo } from '../support/files.ts'

const BUILD = fileURLToPath(new URL('../..', import.meta.url)) // the tests run compiled, in dist/test
const WEIGHTS = `${BUILD}weights/nanodet-m-416.safetensors`
const PHOTOS = [{ path: 'a.jpg', bytes: photo('sample-me.jpg') }]

t.test('two models: a name, and a name with a checkpoint', async t => {
  const [measure] = await comparePhotos(['nanodet-m-416', `nanodet-m-416=${WEIGHTS}`], PHOTOS, { rounds: 3 })
  t.match(measure, { name: 'ms per photo', rounds: 3 })
  t.ok(measure!.a > 0 && measure!.b > 0 && measure!.ratio > 0.1 && measure!.ratio < 10)
})

t.test('two builds, each with its own server', async t => {
  const [measure] = await comparePhotos([BUILD, BUILD], PHOTOS, { rounds: 2 })
  t.match(measure, { name: 'ms per photo', rounds: 2 })
  t.ok(measure!.ratio > 0.1 && measure!.ratio < 10)
})

t.test('what can\'t be compared is named', async t => {
  const noPhoto = [{ path: 'b.jpg', bytes: Buffer.from('text') }]
  await t.rejects(comparePhotos([BUILD, 'nanodet-m-416'], PHOTOS, { rounds: 1 }), { name: 'UsageError', message: /only one of .* is a folder with a build$/ })
  await t.rejects(comparePhotos(['yolo', 'nanodet-m-416'], PHOTOS, { rounds: 1 }), { name: 'UsageError', message: /unknown model yolo/ })
  await t.rejects(comparePhotos(['nanodet-m-416=none.pth', 'nanodet-m-416'], PHOTOS, { rounds: 1 }), { name: 'CommandError', message: /^none\.pth: / })
  await t.rejects(comparePhotos(['nanodet-m-416', 'nanodet-m-416'], noPhoto, { rounds: 1 }), { name: 'CommandError', message: /^b\.jpg: / })
  await t.rejects(comparePhotos([BUILD, BUILD], noPhoto, { rounds: 1 }), { name: 'CommandError', message: /^b\.jpg: .* answers 415 UNSUPPORTED_IMAGE$/ })
})
