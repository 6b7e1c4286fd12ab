import sharp from 'sharp'
import t from 'tap'
import { massIn } from '../../../engine/cam/explain-cam.ts'
import { LayerCams } from '../../../engine/cam/layer-cams.ts'
import { findTarget } from '../../../engine/cam/target.ts'
import { graphLayers } from '../../../engine/models/graph-layers.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { Session, type Output } from '../../../engine/session.ts'
import { Steps } from '../../../engine/steps.ts'
import { chooseLayers } from '../../../models/choose-layers.ts'
import { listLayers } from '../../../models/layers.ts'
import { compileModel, readModel } from '../../../models/kinds/kinds.ts'
import type { DetectorModel, OpaqueModel } from '../../../models/model.ts'
import { INPUT_NAME, OUTPUT_NAME } from '../../../models/tensor-names.ts'
import { ARTIFACT, MODEL } from '../../support/built-in.ts'
import { photo } from '../../support/files.ts'
import { detectorConfig, seededModel, SMALL } from '../../support/model-files.ts'
import { edited, withOpset, withShift } from '../../support/onnx-files.ts'
import { opaqueGraph } from '../../support/opaque-graph.ts'

const [PERSON, TIE] = [0, 27]
/** Of the neck of the small network. */
const CHANNELS = 96
const SHIFT = 0.01
const ANY = { ...DEFAULT_OPTIONS, scoreThreshold: 0 }

/** A photo, the network's predictions, and LayerCAM's maps of a class. */
async function look (model: DetectorModel, bytes: Uint8Array, names: string, classId: number, cams = new LayerCams(model, 1)) {
  const steps = new Steps(model.config)
  const prepared = await steps.preprocess({ bytes, maxPixels: 50e6 })
  const session = await Session.create(compileModel(model), 1)
  const { data } = (await session.run(prepared.picture))[OUTPUT_NAME]!
  await session.release()
  const candidate = findTarget(steps, data, prepared, ANY, { classId })
  const known = model.kind === 'detector' ? listLayers(model.config, model.stateDict.folded) : model.layers
  const found = await cams.of(prepared.picture, chooseLayers(names, known), candidate, steps.layout, data)
    .finally(() => cams.release())
  return { ...found, candidate, prepared }
}

t.test('the person\'s score comes from the person, the tie\'s from the tie', async t => {
  const model = await readModel(ARTIFACT)
  const share = async (classId: number, names: string) => {
    const { cams, candidate: { box } } = await look(model, photo('sample-me.jpg'), names, classId)
    return Object.values(cams).map(cam => {
      const total = cam.data.reduce((sum, value) => sum + value, 0)
      return total > 0 ? massIn(box, cam, MODEL.input.width / cam.dims[3]!) / total : undefined
    })
  }
  for (const inBox of await share(PERSON, 'stage2,stage3,stage4,p3,p4,p5')) t.ok(inBox! >= 0.95, `person ${inBox}`)
  const [p3, p4, p5, ...others] = await share(TIE, 'p3,p4,p5,head')
  t.ok(p3! >= 0.9 && p4! >= 0.8, `tie ${p3}, ${p4} in 3 % of the picture`)
  t.equal(p5, undefined, 'no cell of a coarser level raises the score')
  t.same(others, [], 'the predictions of all levels are not a map')
  t.match(await look(model, photo('sample-me.jpg'), 'head', TIE), { cams: {}, ms: 0 })
})

t.test('with the photo\'s own size as input, compiled for each', async t => {
  const model = seededModel({ ...SMALL, input: { width: 160, height: 160 }, resizeMode: 'keep-ratio' })
  for (const [width, height] of [[300, 200], [200, 300]] as const) {
    const bytes = await sharp(photo('sample1.jpg')).resize(width, height, { fit: 'fill' }).jpeg().toBuffer()
    const { cams, prepared: { warp: { padded } } } = await look(model, bytes, 'stage4', 1)
    t.same(cams['backbone.stage4']?.dims, [1, 1, padded.height / 32, padded.width / 32])
  }
})

t.test('a cell is the sum of its activations, each times the finite difference of the logit', async t => {
  const own = seededModel(SMALL)
  const name = 'fpn.lateral_convs.1'
  const { cams, candidate, prepared: { picture: { width, height, pixels } } } = await look(own, photo('sample1.jpg'), name, 2)
  const { dims, data: map } = cams[name]!
  const cell = map.indexOf(map.reduce((a, b) => Math.max(a, b)))
  const session = await Session.create(withShift(compileModel(own, [name]), name, 'shift'), 1)
  const run = async (channel: number, shift: number) => {
    const data = new Float32Array(CHANNELS * map.length)
    data[channel * map.length + cell] = shift
    const found = await session.runFeeds({
      [INPUT_NAME]: { type: 'uint8', dims: [1, height, width, 3], data: pixels },
      shift: { type: 'float32', dims: [1, CHANNELS, ...dims.slice(2)], data }
    })
    const { data: logits, dims: [, points] } = found[OUTPUT_NAME]!
    const logit = logits[candidate.point * logits.length / points! + candidate.classId]!
    return { logit, activation: found[name]!.data[channel * map.length + cell]! }
  }
  let sum = 0
  for (let channel = 0; channel < CHANNELS; channel++) {
    const [more, less] = [await run(channel, SHIFT), await run(channel, -SHIFT)]
    sum += Math.max(0, (more.logit - less.logit) / (2 * SHIFT)) * more.activation
  }
  await session.release()
  t.ok(map[cell]! > 0 && Math.abs(sum - map[cell]!) < 0.02 * map[cell]!, `${map[cell]}, by differences ${sum}`)
})

t.test('graphs of ONNX files: the same maps, though scores are probabilities', async t => {
  const own = seededModel(SMALL)
  const onnx = opaqueGraph(own)
  const config = detectorConfig(onnx)
  const opaque = { kind: 'opaque', config, onnx, layers: await graphLayers(onnx, config) } satisfies OpaqueModel
  const bytes = photo('sample1.jpg')
  const expected = (await look(own, bytes, 'stage3', 2)).cams['backbone.stage3']!
  const names = opaque.layers.filter(({ shape }) => shape.length === 4 && shape[3] === expected.dims[3]).map(({ name }) => name)
  const { cams } = await look(opaque, bytes, names.join(), 2)
  const largest = expected.data.reduce((a, b) => Math.max(a, b))
  const isExpected = ({ data }: Output) => data.every((value, i) => Math.abs(value - expected.data[i]!) < 1e-3 * largest)
  t.ok(largest > 0 && Object.values(cams).some(isExpected), 'stage3 is one of them')

  await t.test('an operator without a rule, and earlier versions of operators', async t => {
    const strange = Buffer.from(edited(onnx, graph => {
      const node = graph.node.findLast(({ opType }) => opType === 'LeakyRelu')!
      node.opType = 'ThresholdedRelu'
    }))
    const failing = (onnx: Buffer) => look({ ...opaque, onnx }, bytes, names[0]!, 2)
    await t.rejects(failing(strange), { name: 'NoGradientsError', message: /^layercam: graph can't be differentiated: .*ThresholdedRelu has no gradient rule/ })
    await t.rejects(failing(Buffer.from(withOpset(onnx, 11))), { message: /its operators have version 11: gradients need 13 or later$/ })
  })
})
