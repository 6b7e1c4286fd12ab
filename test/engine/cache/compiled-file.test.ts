import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { readCompiled, writeCompiled } from '../../../engine/cache/compiled-file.ts'
import type { ReadModel } from '../../../engine/models/loaded.ts'

const KEY = 'a1'.repeat(32)
const MODEL = {
  info: { name: 'm', labels: ['naïve'] }, parts: [{ tasks: ['detect'], chunks: 1 }, { tasks: ['infer'], chunks: 2 }], body: [[1, 2, 3], [], [4]].map(bytes => Uint8Array.from(bytes))
} as unknown as ReadModel

const bytesOf = ({ body }: ReadModel) => body.map(bytes => [...bytes])

t.test('a model comes back as it was written', async t => {
  const path = `${t.testdir()}/m.bin`
  await writeCompiled(path, KEY, MODEL)
  const read = await readCompiled(path, KEY)
  t.same({ info: read.info, parts: read.parts }, { info: MODEL.info, parts: MODEL.parts })
  t.same(bytesOf(read), [[1, 2, 3], [], [4]])
})

t.test('a file with another key is stale', async t => {
  const path = `${t.testdir()}/m.bin`
  await writeCompiled(path, KEY, MODEL)
  await t.rejects(readCompiled(path, 'b2'.repeat(32)), { name: 'StaleError', message: /another build/ })
})

t.test('a file that is too short or has one other bit is not read', async t => {
  const path = `${t.testdir()}/m.bin`
  await writeCompiled(path, KEY, MODEL)
  const bytes = readFileSync(path)
  for (const length of [0, 10, 64, 70, 97, 100, bytes.length - 1]) {
    writeFileSync(path, bytes.subarray(0, length))
    await t.rejects(readCompiled(path, KEY), { name: 'StaleError' }, `${length} bytes`)
  }
  for (const place of [0, 64, 96, 101, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[place]! ^= 1
    writeFileSync(path, changed)
    await t.rejects(readCompiled(path, KEY), { name: 'StaleError' }, `byte ${place}`)
  }
  writeFileSync(path, bytes)
  t.same(bytesOf(await readCompiled(path, KEY)), bytesOf(MODEL))
})

t.test('two writers leave one whole file, and a writer that fails leaves none', async t => {
  const folder = t.testdir({ 'taken.bin': { inside: '' } })
  await Promise.all([KEY, KEY].map(key => writeCompiled(`${folder}/m.bin`, key, MODEL)))
  t.same(bytesOf(await readCompiled(`${folder}/m.bin`, KEY)), bytesOf(MODEL))
  await t.rejects(writeCompiled(`${folder}/taken.bin`, KEY, MODEL), 'a folder has this name')
  await t.rejects(writeCompiled(`${folder}/missing/m.bin`, KEY, MODEL), { code: 'ENOENT' })
  t.same(readdirSync(folder).sort(), ['m.bin', 'taken.bin'])
})
