import sharp from 'sharp'
import t from 'tap'
import { DEFAULT_OPTIONS } from '../../detector/options.ts'
import { Pipeline } from '../../detector/pipeline.ts'
import { readModel } from '../../models/source.ts'
import { photo } from '../support/files.ts'
import { SOURCE } from '../support/server.ts'

t.test('pipeline', async t => {
  const pipeline = await Pipeline.load(await readModel(SOURCE), 1)
  const detect = (bytes: Uint8Array) => pipeline.detect({ bytes, maxPixels: 50e6 }, DEFAULT_OPTIONS)

  await t.test('boxes come back to the photo, whatever its shape', async t => {
    const person = photo('human-sample-body.jpg')
    const wide = await sharp(person).extend({ left: 600, right: 600, background: 'grey' }).jpeg().toBuffer()
    const [plain, extended] = [(await detect(person)).detections[0]!, (await detect(wide)).detections[0]!]
    t.equal(plain.classId, 0)
    t.equal(extended.classId, 0)
    const shifted = [extended.box[0] - 600, extended.box[1], extended.box[2] - 600, extended.box[3]]
    shifted.forEach((value, i) => t.ok(Math.abs(value - plain.box[i]!) < 60, `corner ${i}: ${value} and ${plain.box[i]}`))
  })

  await t.test('each step is timed', async t => {
    const { times } = await detect(photo('sample-me.jpg'))
    t.same(Object.keys(times), ['decode', 'preprocess', 'inference', 'postprocess'])
    t.ok(Object.values(times).every(ms => ms > 0))
  })

  await t.test('nothing is found in nothing', async t => {
    const grey = await sharp({ create: { width: 1, height: 900, channels: 3, background: 'grey' } }).png().toBuffer()
    t.same((await detect(grey)).detections, [])
  })
})
