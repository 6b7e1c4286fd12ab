import sharp from 'sharp'
import t from 'tap'
import { decodeImage } from '../../../engine/image/decode.ts'
import { warpPixels } from '../../../engine/image/warp.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { DetectPipeline } from '../../../engine/tasks/detect-pipeline.ts'
import { decode } from '../../../head/decode/decode.ts'
import { centerPriors } from '../../../head/decode/priors.ts'
import { weightsOf, type Parameter } from '../../../models/checkpoints/state-dict.ts'
import type { ModelConfig } from '../../../models/config.ts'
import { unwarpBox, warpFor } from '../../../models/resize-mode.ts'
import { compileModel, readModel } from '../../../models/kinds/kinds.ts'
import type { NetworkModel } from '../../../models/model.ts'
import { buildNetwork } from '../../../models/network.ts'
import { input } from '../../../nn/tensor.ts'
import { ARTIFACT, MODEL } from '../../support/built-in.ts'
import { photo } from '../../support/files.ts'
import { maxDifference, run } from '../../support/run.ts'

const model = await readModel(ARTIFACT)
const load = (model: NetworkModel): Promise<DetectPipeline> => DetectPipeline.load({ config: model.config, onnx: compileModel(model) }, 1)

t.test('detect-pipeline', async t => {
  const pipeline = await load(model)
  t.teardown(() => pipeline.release())
  const detect = (bytes: Uint8Array, maxPixels = 50e6) => pipeline.detect({ bytes, maxPixels, options: DEFAULT_OPTIONS })

  await t.test('names what it finds, best first, in pixels of the photo', async t => {
    const { image, objects } = await detect(photo('sample-me.jpg'))
    t.match(image, { width: 700, height: 700, format: 'jpeg', orientation: 1 })
    t.same(objects.map(({ label }) => label), ['person', 'tie'])
    t.ok(objects[0]!.score >= objects[1]!.score)
    t.ok(maxDifference(objects[0]!.box, [47, 65, 696, 698]) < 5, `${objects[0]!.box}`)
  })

  await t.test('boxes come back to the photo, whatever its shape', async t => {
    const person = photo('human-sample-body.jpg')
    const wide = await sharp(person).extend({ left: 600, right: 600, background: 'grey' }).jpeg().toBuffer()
    const [plain, extended] = [(await detect(person)).objects[0]!, (await detect(wide)).objects[0]!]
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

  await t.test('what is found is drawn where that is asked for', async t => {
    const input = { bytes: photo('sample-me.jpg'), maxPixels: 50e6, options: DEFAULT_OPTIONS }
    t.notOk('body' in await pipeline.detect(input))
    const { objects, times, body } = await pipeline.detect({ ...input, drawing: { format: 'png', maxSide: 350 } })
    t.same(objects, (await pipeline.detect(input)).objects)
    t.ok(times.render! > 0)
    t.match(await sharp(Buffer.concat(body!)).metadata(), { format: 'png', width: 350, height: 350 })
  })

  await t.test('a photo that was taken sideways is drawn upright, and its boxes fit', async t => {
    const upright = photo('sample-me.jpg')
    const turned = await sharp(upright).rotate(-90).png().toBuffer()
    const bytes = await sharp(turned).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer()
    const drawing = { format: 'jpeg', maxSide: 4096 } as const
    const { objects, body } = await pipeline.detect({ bytes, maxPixels: 50e6, options: DEFAULT_OPTIONS, drawing })
    const drawn = await decodeImage(Buffer.concat(body!), Infinity)
    t.match(drawn, { width: 700, height: 700, orientation: 1, format: 'jpeg' })
    const { data } = await decodeImage(upright, Infinity)
    const at = (pixels: Uint8Array, x: number, y: number) => pixels.subarray((y * 700 + x) * 3, (y * 700 + x) * 3 + 3)
    const changed = (x: number, y: number) => maxDifference(at(data, x, y), at(drawn.data, x, y)) > 60
    const [x1, y1, x2, y2] = objects[0]!.box.map(Math.round) as [number, number, number, number]
    const middle = { x: (x1 + x2) >> 1, y: (y1 + y2) >> 1 }
    for (const [x, y] of [[x1 + 1, middle.y], [x2 - 2, middle.y], [x1 + 30, y2 - 2]] as const) t.ok(changed(x, y), `the line at ${x}, ${y}`)
    for (const [x, y] of [[x1 - 10, middle.y], [20, 20], [x1 + 15, middle.y]] as const) t.notOk(changed(x, y), `the photo at ${x}, ${y}`)
  })

  await t.test('nothing is found in nothing', async t => {
    const grey = await sharp({ create: { width: 1, height: 900, channels: 3, background: 'grey' } }).png().toBuffer()
    t.same((await detect(grey)).objects, [])
  })

  await t.test('what is not an image, or is too large, is refused', async t => {
    await t.rejects(detect(Buffer.from('text')), { code: 'UNSUPPORTED_IMAGE' })
    await t.rejects(detect(photo('sample-me.jpg'), 1000), { code: 'IMAGE_TOO_LARGE' })
  })
})

t.test('a network of zeros finds nothing', async t => {
  const zeros = ({ shape, data }: Parameter): Parameter => ({ shape, data: new Float32Array(data.length) })
  const parameters = new Map([...model.stateDict.parameters].map(([name, parameter]) => [name, zeros(parameter)]))
  const pipeline = await load({ ...model, stateDict: { ...model.stateDict, parameters } })
  const options = { ...DEFAULT_OPTIONS, scoreThreshold: 0.5 }
  t.same((await pipeline.detect({ bytes: photo('sample-me.jpg'), maxPixels: 50e6, options })).objects, [], 'every score is the sigmoid of 0, which is not above 0.5')
  await pipeline.release()
})

t.test('bytes that are not a graph', t => t.rejects(DetectPipeline.load({ config: MODEL, onnx: new Uint8Array(9) }, 1)))

const KEEP_RATIO: ModelConfig = { ...MODEL, resizeMode: 'keep-ratio' }

/** What is in a photo, by way of a normalized image of floats: the photo at its own ratio, and zeros right of it and below. */
async function paddedByHand (bytes: Uint8Array) {
  const { input: size, normalization: { mean, std }, labels, head: { strides, offset, regMax } } = KEEP_RATIO
  const photo = await decodeImage(bytes, Infinity)
  const warp = warpFor('keep-ratio', photo, size)
  const { canvas: { width, height } } = warp
  const padded = { width: Math.ceil(width / 32) * 32, height: Math.ceil(height / 32) * 32 }
  const pixels = warpPixels(photo, { ...warp, padded: { width, height } })
  const data = new Float32Array(3 * padded.width * padded.height)
  for (let i = 0; i < width * height; i++) {
    const place = Math.floor(i / width) * padded.width + i % width
    for (let c = 0; c < 3; c++) data[c * padded.height * padded.width + place] = (pixels[i * 3 + 2 - c]! - mean[c]!) / std[c]! // BGR
  }
  const { predictions } = buildNetwork(KEEP_RATIO, weightsOf(model.stateDict), input('image', [1, 3, padded.height, padded.width]))
  const values = (await run({ predictions }, { image: { data, dims: [1, 3, padded.height, padded.width] } }))['predictions']!.data
  const found = decode(values, { numClasses: labels.length, regMax }, centerPriors(padded, strides, offset), padded, DEFAULT_OPTIONS)
  return { padded, found: found.map(({ box, ...rest }) => ({ ...rest, box: unwarpBox(warp, box, photo) })) }
}

t.test('photos that keep their ratio are padded after the normalization', async t => {
  const pipeline = await load({ ...model, config: KEEP_RATIO })
  const landscape = photo('sample1.jpg')
  const portrait = await sharp(landscape).rotate(90).jpeg().toBuffer()
  for (const [bytes, size] of [[landscape, { width: 416, height: 288 }], [portrait, { width: 288, height: 416 }]] as const) {
    const { padded, found } = await paddedByHand(bytes)
    t.same(padded, size)
    const { objects } = await pipeline.detect({ bytes, maxPixels: 50e6, options: DEFAULT_OPTIONS })
    t.ok(found.length > 0)
    t.same(objects.map(({ classId }) => classId), found.map(({ classId }) => classId))
    for (const [i, { score, box }] of objects.entries()) {
      t.ok(Math.abs(score - found[i]!.score) < 1e-4)
      t.ok(maxDifference(box, found[i]!.box) < 0.1, `${box} and ${found[i]!.box}`)
    }
  }
  await pipeline.release()
})
