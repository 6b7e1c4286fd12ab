import { readFile } from 'node:fs/promises'
import t from 'tap'
import { ImageError } from '../../../engine/errors.ts'
import { SourceError } from '../../../bulk/errors.ts'
import { ResultsFile } from '../../../bulk/run/results-file.ts'
import { runImages, type RunOptions } from '../../../bulk/run/run-images.ts'
import type { Found } from '../../../bulk/run/run-model.ts'
import { imagesOf, memoryStore } from '../../support/bulk-images.ts'

const times = { queue: 0, decode: 1, preprocess: 1, inference: 1, postprocess: 1, total: 4 }
const FOUND: Found = {
  output: { image: { width: 8, height: 6, format: 'jpeg', orientation: 1, pages: 1, space: 'srgb' }, objects: [], times },
  drawing: undefined,
  crops: [],
  features: undefined
}

type Options = Partial<RunOptions> & { names?: string[] }

/** Runs on images whose text is their content, and lists the contents that the model got. */
async function run (folder: string, images: Record<string, string>, { names, ...options }: Options = {}) {
  const { source, reader } = imagesOf(images, names)
  const seen: string[] = []
  const find = async (bytes: Uint8Array): Promise<Found> => {
    seen.push(String(bytes))
    if (String(bytes).startsWith('bad')) throw new ImageError({ code: 'CORRUPT_IMAGE', format: 'jpeg' })
    if (String(bytes) === 'full') throw new SourceError('disk full')
    return FOUND
  }
  const results = await ResultsFile.open(folder)
  const ran = await runImages(source, { reader, model: { name: 'small', find }, store: memoryStore().store }, { results, workers: 1, ...options })
  const lines = (await readFile(`${folder}/results.jsonl`, 'utf8')).trimEnd().split('\n').map(line => JSON.parse(line))
  return { ran, seen: seen.sort(), files: lines.map(({ file }) => file).sort(), lines }
}

t.test('each image has one line, also if it fails or is listed twice', async t => {
  const folder = t.testdir()
  const progress: number[] = []
  const onProgress: RunOptions['onProgress'] = ({ done, failed, skipped }) => progress.push(done + failed + skipped)
  const { ran, seen, files } = await run(folder, { a: 'A', b: 'bad', c: 'C' }, { names: ['a', 'b', 'a', 'none', 'c', 'b'], onProgress })
  t.same([seen, files], [['A', 'C', 'bad'], ['a', 'b', 'c', 'none']])
  t.same(ran, { done: 2, failed: 2, skipped: 0, summary: { images: 4, failed: 2, byCode: { CORRUPT_IMAGE: 1, UNREADABLE: 1 } } })
  t.same(progress, [1, 2, 3, 4])
})

t.test('the next run takes what is missing, changed, or failed for a reason that can change', async t => {
  const folder = t.testdir()
  await run(folder, { a: 'A', b: 'bad', c: 'C' }, { names: ['a', 'b', 'c', 'none'] })
  const again = await run(folder, { a: 'A', b: 'bad', c: 'changed', d: 'D' }, { names: ['a', 'b', 'c', 'none', 'd'] })
  t.same([again.seen, again.files], [['D', 'changed'], ['a', 'b', 'c', 'd', 'none']])
  t.match(again.ran, { done: 2, failed: 0, skipped: 3, summary: { images: 5, failed: 2 } })
  const retried = await run(folder, { a: 'A', b: 'bad', none: '' }, { names: ['a', 'b', 'none'], retryFailed: true })
  t.same(retried.seen, [''])
  t.match(retried.ran, { done: 1, skipped: 2, summary: { images: 5, failed: 1 } })
})

t.test('a file with a new time and the same content is read once, and not worked on', async t => {
  const folder = t.testdir()
  const { lines: before } = await run(folder, { a: 'A', b: 'B' })
  before.sort((x, y) => x.file < y.file ? -1 : 1)
  const read: string[] = []
  const { reader } = imagesOf({ a: 'A', b: 'B' })
  const watched = {
    ...reader,
    async read (name: string) {
      read.push(name)
      return await reader.read(name)
    }
  }
  const model = { name: 'small', find: async () => { throw new Error('not needed') } }
  const source = { async * items () { yield * ['a', 'b'].map(name => ({ name, stamp: 'later' })) } }
  for (let i = 0; i < 2; i++) {
    const results = await ResultsFile.open(folder)
    const ran = await runImages(source, { reader: watched, model, store: memoryStore().store }, { results, workers: 1 })
    t.match(ran, { done: 0, skipped: 2, summary: { images: 2 } })
  }
  t.same(read.sort(), ['a', 'b'])
  const { lines } = await run(folder, {})
  const byName = new Map(lines.map(line => [line.file, line]))
  t.same(before.map(line => ({ ...line, stamp: 'later' })), ['a', 'b'].map(name => byName.get(name)))
})

t.test('an aborted run keeps its lines and can be continued', async t => {
  const folder = t.testdir()
  const abort = new AbortController()
  const images = Object.fromEntries([...Array(20).keys()].map(i => [`i${i}`, `I${i}`]))
  const { ran } = await run(folder, images, { signal: abort.signal, onProgress: ({ done }) => { if (done === 5) abort.abort() } })
  t.ok(ran.done >= 5 && ran.done < 8, `${ran.done}`)
  t.match((await run(folder, images)).ran, { done: 20 - ran.done, skipped: ran.done, summary: { images: 20 } })
})

t.test('an error that is no image\'s ends the run; its lines stay', async t => {
  const folder = t.testdir()
  await t.rejects(run(folder, { a: 'A', b: 'full', c: 'C' }), { message: 'disk full' })
  t.match(await readFile(`${folder}/results.jsonl`, 'utf8'), /^\{"file":"a"/)
})
