import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { asFull, FeedbackStore, INSTANCES, type FeedbackPhoto } from '../../../server/feedback/store.ts'
import type { Instances } from '../../../server/feedback/instances.ts'

const MIB = 2 ** 20

/** The store does not look into photos. */
function photoOf (text: string): FeedbackPhoto {
  const bytes = Buffer.from(text)
  return { hash: createHash('sha256').update(bytes).digest('hex'), format: 'jpeg', bytes, size: { width: 40, height: 30 } }
}

const DOG = { label: 'dog', box: [1, 2, 11.2345, 22] } as const
const CAT = { label: 'cat', box: [0, 0, 5, 5] } as const
const read = (folder: string): Instances => JSON.parse(readFileSync(join(folder, INSTANCES), 'utf8'))

t.test('a photo and its boxes', async t => {
  const folder = t.testdir({})
  const store = await FeedbackStore.open(folder, MIB)
  const photo = photoOf('one')
  const file = `${photo.hash}.jpg`
  t.same(await store.add(photo, [DOG, CAT], { model: 'm' }), { file, boxes: 2, replaced: false })
  t.same(readFileSync(join(folder, file)), photo.bytes)
  t.match(read(folder), {
    images: [{ id: 1, file_name: file, width: 40, height: 30, model: 'm' }],
    annotations: [
      { id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 10.23, 20], area: 204.6, iscrowd: 0 },
      { id: 2, image_id: 1, category_id: 2, bbox: [0, 0, 5, 5], area: 25 }
    ],
    categories: [{ id: 1, name: 'dog' }, { id: 2, name: 'cat' }]
  })

  await t.test('later boxes replace earlier ones', async t => {
    t.match(await store.replace(photo.hash, [CAT]), { boxes: 1, replaced: true })
    const { images: [image], annotations, categories } = read(folder)
    t.notOk('model' in image!)
    t.match(annotations, [{ id: 3, image_id: 1, category_id: 2 }])
    t.same(categories, [{ id: 2, name: 'cat' }], 'a class without boxes is gone')
    t.match(await store.add(photo, []), { boxes: 0, replaced: true })
    t.match(read(folder), { images: { length: 1 }, annotations: { length: 0 } })
    t.same(store.sizeOf(photo.hash), { id: 1, file_name: file, width: 40, height: 30 })
  })

  await t.test('the store of the next start goes on', async t => {
    writeFileSync(join(folder, '.x.tmp'), 'torn')
    writeFileSync(join(folder, INSTANCES), JSON.stringify({ ...read(folder), licenses: [] }))
    const next = await FeedbackStore.open(folder, MIB)
    t.equal(next.photos, 1)
    t.match(await next.add(photoOf('two'), [DOG]), { replaced: false })
    t.match(read(folder), { licenses: [], images: [{ id: 1 }, { id: 2 }] })
    t.equal(next.bytes, readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0))
    rmSync(join(folder, file))
    t.equal((await FeedbackStore.open(folder, MIB)).photos, 1, 'a photo that was deleted loses its boxes')
  })

  await t.test('a photo that is not there', async t => {
    await t.rejects(store.replace('0'.repeat(64), []), { code: 'PHOTO_NOT_FOUND', statusCode: 404 })
    t.throws(() => store.sizeOf('0'.repeat(64)), { code: 'PHOTO_NOT_FOUND' })
  })
})

t.test('a hundred at once: none is lost, and a reader never sees half a file', async t => {
  const folder = t.testdir({})
  const store = await FeedbackStore.open(folder, MIB)
  let reads = 0
  const timer = setInterval(() => {
    if (!readdirSync(folder).includes(INSTANCES)) return
    read(folder)
    reads++
  })
  const all = await Promise.all(Array.from({ length: 100 }, async (_, i) => await store.add(photoOf(`photo ${i % 50}`), [DOG])))
  clearInterval(timer)
  t.equal(all.filter(({ replaced }) => replaced).length, 50)
  t.ok(reads > 0)
  const { images, annotations } = read(folder)
  t.equal(new Set(images.map(({ file_name: name }) => name)).size, 50)
  t.equal(images.length, 50)
  t.equal(new Set(annotations.map(({ image_id: id }) => id)).size, 50)
  t.equal(annotations.length, 50)
  t.equal(readdirSync(folder).length, 51)
})

t.test('the folder is bounded', async t => {
  const folder = t.testdir({})
  const store = await FeedbackStore.open(folder, 3000)
  await t.rejects(store.add(photoOf('x'.repeat(2900)), [DOG]), { code: 'FEEDBACK_FULL', statusCode: 507, message: /3000 bytes.*FEEDBACK_MAX_BYTES/ })
  t.same(readdirSync(folder), [])
  await store.add(photoOf('x'.repeat(1500)), [DOG])
  await t.rejects(store.add(photoOf('y'.repeat(1500)), [DOG]), { code: 'FEEDBACK_FULL' })
  t.match(await store.add(photoOf('x'.repeat(1500)), [CAT]), { replaced: true }, 'a photo counts once')
  t.ok(store.bytes < 3000)
})

t.test('a write that fails is an error, and the next one goes on', async t => {
  const folder = t.testdir({})
  const store = await FeedbackStore.open(folder, MIB)
  rmSync(folder, { recursive: true })
  await t.rejects(store.add(photoOf('one'), [DOG]), { code: 'ENOENT' })
  t.equal(store.bytes, 0)
  t.testdir({})
  t.match(await store.add(photoOf('one'), [DOG]), { replaced: false })
  rmSync(folder, { recursive: true })
  await t.rejects(store.replace(photoOf('one').hash, [CAT]), { code: 'ENOENT' })
  t.testdir({})
  t.match(await store.replace(photoOf('one').hash, [CAT]), { boxes: 1 })
  t.match(asFull(Object.assign(new Error('no space'), { code: 'ENOSPC' })), { code: 'FEEDBACK_FULL', message: /disk.*full/ })
})

t.test('what could not be stored is forgotten', async t => {
  const folder = t.testdir({})
  const store = await FeedbackStore.open(folder, MIB)
  mkdirSync(join(folder, INSTANCES))
  await t.rejects(store.add(photoOf('one'), [DOG]), { code: 'EISDIR' })
  t.same([readdirSync(folder), store.photos, store.bytes], [[INSTANCES], 0, 0])
  rmdirSync(join(folder, INSTANCES))
  await store.add(photoOf('two'), [DOG])
  renameSync(join(folder, INSTANCES), join(folder, 'kept'))
  mkdirSync(join(folder, INSTANCES))
  await t.rejects(store.replace(photoOf('two').hash, [CAT]), { code: 'EISDIR' })
  rmdirSync(join(folder, INSTANCES))
  await store.add(photoOf('three'), [])
  t.match(read(folder), { images: { length: 2 }, annotations: [{ category_id: 2 }], categories: [{ id: 2, name: 'dog' }] })
})

t.test('links are followed, and stay', async t => {
  const folder = t.testdir({ other: {}, feedback: {} })
  const [store, linked] = [`${folder}/other`, `${folder}/feedback`]
  const { file } = await (await FeedbackStore.open(store, MIB)).add(photoOf('one'), [DOG])
  for (const name of [file, INSTANCES]) symlinkSync(`../other/${name}`, join(linked, name))
  const next = await FeedbackStore.open(linked, MIB)
  t.equal(next.photos, 1)
  await next.add(photoOf('two'), [DOG])
  t.ok(lstatSync(join(linked, INSTANCES)).isSymbolicLink())
  t.equal(read(store).images.length, 2)
})

t.test('a photo that was deleted meanwhile is written again', async t => {
  const folder = t.testdir({})
  const store = await FeedbackStore.open(folder, MIB)
  const { file } = await store.add(photoOf('one'), [DOG])
  const { bytes } = store
  rmSync(join(folder, file))
  t.match(await store.add(photoOf('one'), [DOG]), { replaced: true })
  t.same(readFileSync(join(folder, file)), photoOf('one').bytes)
  t.ok(Math.abs(store.bytes - bytes) < 10, 'and counts once')
})

t.test('a COCO file that can\'t be read is not replaced', async t => {
  const folder = t.testdir({ [INSTANCES]: '{"images": 1}' })
  await t.rejects(FeedbackStore.open(folder, MIB), {
    name: 'ConfigError', message: /^FEEDBACK_DIR: ".*" is invalid; its instances\.json can't be read: images: /
  })
  rmSync(join(folder, INSTANCES))
  mkdirSync(join(folder, INSTANCES))
  await t.rejects(FeedbackStore.open(folder, MIB), { name: 'ConfigError', message: /EISDIR/ })
})
