/**
 * Damaged and hostile images: whatever is sent, the answer is 200 or 4xx, and the service goes on.
 *
 * FUZZ_RUNS=20000 FUZZ_SEED=any node dist/test/fuzz.test.js goes further; FUZZ_FIRST=17 FUZZ_RUNS=1 repeats a case that failed.
 */
import type { FastifyInstance } from 'fastify'
import sharp from 'sharp'
import t from 'tap'
import { bmpOf } from './support/bmp-file.ts'
import { photo } from './support/files.ts'
import { mutate, pick } from './support/mutations.ts'
import { seeded } from './support/seeded.ts'
import { startApp } from './support/server.ts'

const { FUZZ_SEED: SEED = 'nanodet', FUZZ_RUNS: RUNS = '1000', FUZZ_FIRST: FIRST = '0' } = process.env
const FORMS = 100
const MIB = 2 ** 20

t.setTimeout(60_000 + Number(RUNS) * 200)

const small = sharp(photo('sample-me.jpg')).resize(200, 160)
const IMAGES: Record<string, Buffer> = {
  jpeg: await small.clone().jpeg().toBuffer(),
  'progressive jpeg': await small.clone().withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer(),
  png: await small.clone().png().toBuffer(),
  'palette png': await small.clone().png({ palette: true, progressive: true }).toBuffer(),
  webp: await small.clone().webp().toBuffer(),
  'lossless webp': await small.clone().webp({ lossless: true }).toBuffer(),
  avif: await small.clone().avif({ effort: 0 }).toBuffer(),
  gif: await small.clone().gif().toBuffer(),
  tiff: await small.clone().tiff({ compression: 'lzw' }).toBuffer(),
  bmp: bmpOf(await small.clone().raw().toBuffer(), { width: 200, height: 160 }),
  'jpeg tiff': await small.clone().tiff({ compression: 'jpeg', tile: true }).toBuffer()
}

const post = (app: FastifyInstance, payload: Buffer, url = '/detect', type = 'application/octet-stream') =>
  app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })

type Answer = Awaited<ReturnType<typeof post>>

/** 200, or 4xx with a code. */
function isFair ({ statusCode, headers, payload }: Answer): boolean {
  if (statusCode === 200) return true
  return statusCode >= 400 && statusCode < 500 && /json/.test(String(headers['content-type'])) && typeof JSON.parse(payload).code === 'string'
}

t.test('images with damage of every kind', async t => {
  const { app, engine, log } = await startApp(t)
  const statuses: Record<number, number> = {}
  for (let i = Number(FIRST); i < Number(FIRST) + Number(RUNS); i++) {
    const random = seeded(`${SEED} ${i}`)
    const format = pick(Object.keys(IMAGES), random)
    const { bytes, story } = mutate(IMAGES[format]!, random)
    const answer = await post(app, bytes, i % 25 === 0 ? '/features?format=json&layers=stage4' : '/detect')
    statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1
    if (!isFair(answer)) t.fail(`FUZZ_SEED=${SEED} FUZZ_FIRST=${i} FUZZ_RUNS=1: ${format}, ${story}: ${answer.statusCode} ${answer.payload}`)
  }
  t.comment(statuses)
  t.equal(engine.workerEnds, 0, 'no worker crashed')
  t.same(log.filter(({ level }) => Number(level) >= 50), [], 'nothing that the log calls an error')
  t.equal((await post(app, photo('sample-me.jpg'))).json().detections.length, 2, 'it detects as before')
})

t.test('forms with damage of every kind', async t => {
  const { app, engine, log } = await startApp(t)
  for (let i = 0; i < FORMS; i++) {
    const random = seeded(`${SEED} form ${i}`)
    const [story, form] = pick(Object.entries(forms(IMAGES['jpeg']!)), random)
    const { bytes, story: damage } = i % 2 ? mutate(form, random) : { bytes: form, story: 'as it is' }
    const type = `multipart/form-data; boundary=${pick(['limit', 'limit', 'limit', '"limit"', 'other', '', '-'.repeat(100), 'l\u00edmit'], random)}`
    const answer = await post(app, bytes, '/detect', type)
    t.ok(isFair(answer), `FUZZ_SEED=${SEED}, form ${i}: ${story}, ${damage}, ${type}: ${answer.statusCode} ${answer.payload}`)
  }
  t.equal(engine.workerEnds, 0)
  t.same(log.filter(({ level }) => Number(level) >= 50), [])
  t.equal((await post(app, photo('sample-me.jpg'))).statusCode, 200)
})

function forms (image: Buffer): Record<string, Buffer> {
  const head = (disposition: string, more = ''): string => `--limit\r\ncontent-disposition: ${disposition}\r\n${more}\r\n`
  const form = (...parts: (string | Buffer)[]): Buffer => Buffer.concat(parts.map(part => Buffer.from(part)))
  const file = head('form-data; name="image"; filename="a.jpg"')
  const end = '\r\n--limit--\r\n'
  return {
    whole: form(file, image, end),
    'without its end': form(file, image),
    'without a name': form(head('form-data; filename="a.jpg"'), image, end),
    'without a disposition': form('--limit\r\n\r\n', image, end),
    'with a huge header': form(head('form-data; name="image"; filename="a.jpg"', `x-long: ${'x'.repeat(100_000)}\r\n`), image, end),
    'with a thousand headers': form(head('form-data; name="image"; filename="a.jpg"', 'x-many: 1\r\n'.repeat(5000)), image, end),
    'with a form inside': form(head('form-data; name="image"; filename="a"', 'content-type: multipart/mixed; boundary=inner\r\n'), '--inner\r\n\r\n', image, '\r\n--inner--', end),
    'with many files': form(...Array.from({ length: 20 }, () => [file, 'x', '\r\n']).flat(), end),
    'with many fields': form(...Array.from({ length: 100 }, (_, i) => [head(`form-data; name="field${i}"`), 'x', '\r\n']).flat(), end),
    'with a field named as JavaScript\'s own': form(head('form-data; name="__proto__"'), 'x\r\n', file, image, end),
    'with a path for a name': form(head('form-data; name="image"; filename="../../etc/passwd\0.jpg"'), image, end),
    'with line feeds only': Buffer.from(form(file, image, end).toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
    empty: form(end),
    nothing: Buffer.alloc(0)
  }
}

t.test('images that declare more than they are worth', async t => {
  const { app } = await startApp(t)
  await post(app, IMAGES['avif']!)
  for (const [name, bytes] of Object.entries(await bombs())) {
    const before = process.memoryUsage.rss()
    const times: number[] = []
    for (let i = 0; i < 5; i++) {
      const start = performance.now()
      t.match((await post(app, bytes)).json(), { statusCode: 413, code: 'IMAGE_TOO_LARGE' }, name)
      times.push(performance.now() - start)
    }
    t.ok(Math.min(...times) < 100, `${name}: refused in ${times.map(ms => ms.toFixed(0)).join(', ')} ms`)
    const grown = (process.memoryUsage.rss() - before) / MIB
    t.ok(grown < 50, `${name}: ${grown.toFixed(1)} MiB more`)
  }
})

async function bombs (): Promise<Record<string, Buffer>> {
  const png = await sharp({ create: { width: 16_000, height: 16_000, channels: 3, background: 'black' } }).png({ compressionLevel: 9 }).toBuffer()
  t.ok(png.length < 750_000)
  const jpeg = Buffer.from(IMAGES['jpeg']!)
  jpeg.fill(0xff, jpeg.indexOf(Buffer.of(0xff, 0xc0)) + 5, jpeg.indexOf(Buffer.of(0xff, 0xc0)) + 9)
  const avif = Buffer.from(IMAGES['avif']!)
  const sizes = avif.indexOf('ispe') + 8
  avif.writeUInt32BE(17_000, sizes)
  avif.writeUInt32BE(17_000, sizes + 4)
  return { '16000×16000 PNG of 750 KB': png, '65535×65535 JPEG': jpeg, '17000×17000 AVIF': avif }
}
