import { fileURLToPath } from 'node:url'
import t from 'tap'
import { compareSides } from '../../bench/versus.ts'
import { photo } from '../support/files.ts'

const BUILD = fileURLToPath(new URL('../..', import.meta.url)) // the tests run compiled, in dist/test
const WEIGHTS = `${BUILD}weights/nanodet-m-416.safetensors`
const PHOTOS = [{ path: 'a.jpg', bytes: photo('sample-me.jpg') }]

t.test('two models: one of the registry, and a checkpoint', async t => {
  const names = ['nanodet-m-416', `nanodet-m-416=${WEIGHTS}`]
  const [a, b] = await compareSides(names, PHOTOS, 3)
  t.match([a, b], [{ name: `A: ${names[0]}`, ratio: 1 }, { name: `B: ${names[1]}` }])
  t.ok(a!.median > 0 && b!.ratio > 0.1 && b!.ratio < 10)
})

t.test('two builds, each with a server of its own', async t => {
  const [a, b] = await compareSides([BUILD, BUILD], PHOTOS, 2)
  t.match([a, b], [{ name: `A: ${BUILD}`, ratio: 1 }, { name: `B: ${BUILD}` }])
  t.ok(b!.ratio > 0.1 && b!.ratio < 10)
})

t.test('what can\'t be compared is named', async t => {
  const noPhoto = [{ path: 'b.jpg', bytes: Buffer.from('text') }]
  await t.rejects(compareSides([BUILD, 'nanodet-m-416'], PHOTOS, 1), { name: 'UsageError', message: /one is a build, one is not$/ })
  await t.rejects(compareSides(['yolo', 'nanodet-m-416'], PHOTOS, 1), { name: 'UsageError', message: /there is no model yolo/ })
  await t.rejects(compareSides(['nanodet-m-416=none.pth', 'nanodet-m-416'], PHOTOS, 1), { name: 'CommandError', message: /^none\.pth: / })
  await t.rejects(compareSides(['nanodet-m-416', 'nanodet-m-416'], noPhoto, 1), { name: 'CommandError', message: /^b\.jpg: / })
  await t.rejects(compareSides([BUILD, BUILD], noPhoto, 1), { name: 'CommandError', message: /^b\.jpg: .* answers 415 UNSUPPORTED_IMAGE$/ })
})
