import sharp, { type OverlayOptions } from 'sharp'
import t from 'tap'
import { judge } from '../../../engine/explain/judge.ts'
import { expectation } from '../../../engine/explain/distributions.ts'
import { explainedLayers } from '../../../engine/explain/layers.ts'
import type { Explanation, Verdict } from '../../../engine/explain/explanation.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import type { ExplainInput } from '../../../engine/results.ts'
import { Steps } from '../../../engine/steps.ts'
import { explain } from '../../../engine/tasks/explain.ts'
import { Inspector } from '../../../engine/tasks/inspector.ts'
import type { Box } from '../../../head/decode/boxes.ts'
import { readModel } from '../../../models/kinds/kinds.ts'
import { listLayers } from '../../../models/layers.ts'
import { ARTIFACT, MODEL } from '../../support/built-in.ts'
import { photo } from '../../support/files.ts'
import { seededModel, SMALL } from '../../support/model-files.ts'
import { STREET } from '../../support/street.ts'

const inspector = await explain.build(await explain.prepare(await readModel(ARTIFACT)), { threads: 1 }) as Inspector
t.teardown(() => explain.release(inspector))

const input = { maxPixels: 50e6, options: DEFAULT_OPTIONS, layers: explainedLayers(listLayers(MODEL, true)) }

async function explained (bytes: Buffer, more: Partial<ExplainInput> = {}) {
  const output = await explain.run(inspector, { ...input, bytes, ...more })
  return { ...output, explanation: JSON.parse(String(Buffer.concat(output.body))) as Explanation }
}

t.test('candidates give the detections to the bit, for any options', async t => {
  for (const bytes of [STREET, photo('sample1.jpg'), photo('sample-me.jpg')]) {
    const { explanation } = await explained(bytes)
    const { candidates, cells, complete_above: least } = explanation
    for (const scoreThreshold of [least, 0.05, 0.1, 0.2, 0.35, 0.5, candidates[1]!.score, candidates[20]!.score]) {
      for (const [iouThreshold, maxDetections] of [[0.6, 100], [0.3, 5], [0, 1000], [1, 50], [0.85, 1]] as const) {
        const options = { scoreThreshold, iouThreshold, maxDetections }
        const { objects } = await explained(bytes, { options })
        const kept = judge(candidates, cells, options).filter(({ state }) => state === 'kept')
        t.strictSame(kept.map(({ class_id: classId, score }) => [classId, score]), objects.map(({ classId, score }) => [classId, score]))
        t.same(kept.map(({ cell }) => cells[cell]!.box), objects.map(({ box }) => box.map(value => Number(value.toFixed(2)))))
      }
    }
  }
})

t.test('the expectations of the distributions give the box', async t => {
  const { cells, levels, offset, input } = (await explained(photo('sample2.jpg'))).explanation
  const limits = [input.width, input.height, input.width, input.height]
  const detailed = cells.filter(({ distributions }) => distributions)
  t.ok(detailed.length > 50)
  for (const { level, column, row, distributions, input_box: box } of detailed) {
    const { stride } = levels[level]!
    const point = [column, row, column, row].map(place => (place + offset) * stride)
    const distances = distributions!.map((distribution, side) => expectation(distribution) * stride * (side < 2 ? -1 : 1))
    const expected = distances.map((distance, side) => Math.min(Math.max(point[side]! + distance, 0), limits[side]!))
    if (box.some((value, side) => Math.abs(value - expected[side]!) > 1e-3)) t.fail(`${box}: ${expected}`)
  }
})

t.test('with a region, the objects are the same', async t => {
  const { objects } = await explained(STREET)
  const { objects: same, explanation, times } = await explained(STREET, { region: { box: [258, 298, 282, 322], classId: 11 } })
  t.strictSame(same, objects)
  t.same(explanation.region!.layers.map(({ layer }) => layer), ['stage2', 'stage3', 'stage4', 'p3', 'p4', 'p5'])
  t.same(Object.keys(times), ['decode', 'preprocess', 'inference', 'postprocess', 'render'])
  t.same(new Steps(MODEL).layout, { numClasses: 80, regMax: 7 })
})

/** The street with pictures drawn over it. */
const drawn = (...overlays: OverlayOptions[]): Promise<Buffer> => sharp(STREET).composite(overlays).png().toBuffer()

/** The near stop sign of the street, as small and as opaque as wanted. */
async function sign (side: number, opacity = 1): Promise<Buffer> {
  const corners = '<svg width="120" height="120"><polygon points="37,2 83,2 118,37 118,83 83,118 37,118 2,83 2,37"/></svg>'
  const cut = await sharp(STREET).extract({ left: 80, top: 120, width: 120, height: 120 })
    .composite([{ input: Buffer.from(corners), blend: 'dest-in' }]).png().toBuffer()
  const veil = { input: Buffer.from([0, 0, 0, Math.round(255 * opacity)]), raw: { width: 1, height: 1, channels: 4 as const }, tile: true }
  return await sharp(cut).resize(side, side).ensureAlpha().composite([{ ...veil, blend: 'dest-in' }]).png().toBuffer()
}

async function verdict (bytes: Buffer, box: Box, label?: string, options = {}): Promise<Verdict> {
  const classId = label === undefined ? undefined : MODEL.labels.indexOf(label)
  return (await explained(bytes, { region: { box, classId }, options: { ...DEFAULT_OPTIONS, ...options } })).explanation.region!.verdict
}

const SKY: Box = [520, 80, 620, 180]
const BUS: Box = [554, 252, 738, 440]

t.test('a verdict of each kind, for a photo that deserves it', async t => {
  const inSky = async (side: number, opacity = 1): Promise<Buffer> => drawn({ input: await sign(side, opacity), left: 520, top: 80 })
  const boxOf = (side: number): Box => [520, 80, 520 + side, 80 + side]

  t.match(await verdict(await inSky(100), SKY, 'stop sign'), { kind: 'found', label: 'stop sign' })
  t.match(await verdict(await inSky(100, 0.5), SKY), { kind: 'found', label: 'stop sign' }, 'a little faded')
  t.match(await verdict(STREET, [258, 298, 282, 322]), { kind: 'below_threshold', label: 'stop sign' }, 'far away')
  t.match(await verdict(await inSky(20), boxOf(20), 'stop sign'), { kind: 'taken_for', label: 'kite' }, 'in the sky')
  t.match(await verdict(await inSky(10), boxOf(10), 'stop sign'), { kind: 'too_small', pixels: 4.3 }, 'shrunk')
  t.match(await verdict(await inSky(100, 0.03), SKY, 'stop sign'), { kind: 'faded', layer: 'stage4' }, 'pale')
  t.match(await verdict(await inSky(100, 0.01), SKY, 'stop sign'), { kind: 'not_seen' }, 'all but gone')
  t.match(await verdict(STREET, [350, 280, 450, 500], 'person'), { kind: 'not_recognized', label: 'clock' }, 'a stick figure')
  t.match(await verdict(STREET, BUS), { kind: 'found', label: 'bus' })
  t.match(await verdict(STREET, BUS, 'truck'), { kind: 'taken_for', sentence: 'Taken for bus (0.63); truck has 0.28 here.' })
  t.match(await verdict(STREET, BUS, undefined, { maxDetections: 1 }), { kind: 'beyond_maximum', label: 'bus' })
})

t.test('a covered object, and one that is there twice', async t => {
  const near = await sharp(STREET).extract({ left: 80, top: 120, width: 120, height: 120 }).png().toBuffer()
  const cover = await sharp({ create: { width: 100, height: 130, channels: 3, background: '#8a8a8a' } }).png().toBuffer()
  const covered = await verdict(await drawn({ input: cover, left: 80, top: 115 }), [80, 120, 200, 240], 'stop sign')
  t.match(covered, { kind: 'below_threshold', label: 'stop sign' })
  const doubled = await verdict(await drawn({ input: near, left: 115, top: 120 }), [80, 120, 200, 240])
  t.match(doubled, { kind: 'suppressed', label: 'stop sign', by: Number })
  t.ok(doubled.iou! > 0.6)
})

t.test('an input that depends on the photo', async t => {
  const own = new Inspector(seededModel({ ...SMALL, input: { width: 128, height: 128 }, resizeMode: 'keep-ratio' }), 1)
  t.teardown(() => own.release())
  const bytes = await sharp(STREET).resize(480, 160, { fit: 'fill' }).png().toBuffer()
  const region = { box: [0, 0, 240, 160] as Box }
  const { body } = await own.explain({ ...input, bytes, region, layers: explainedLayers(listLayers(SMALL, false)) })
  const explanation = JSON.parse(String(Buffer.concat(body))) as Explanation
  t.same(explanation.levels.map(({ width, height }) => [width, height]), [[16, 8], [8, 4], [4, 2]])
  t.same(explanation.region!.input_box.map(Math.round), [1, 0, 64, 42])
  t.ok(explanation.region!.layers.every(({ stride }) => [8, 16, 32].includes(stride)))
})

t.test('regions as large as the photo, smaller than a pixel, and of nothing', async t => {
  t.match(await verdict(STREET, [0, 0, 960, 640]), { kind: 'not_recognized', sentence: /as one object/ })
  t.match(await verdict(STREET, [100, 200, 100.5, 200.5]), { kind: 'too_small', pixels: 0.22 })
  t.match(await verdict(STREET, [180, 430, 300, 550]), { kind: 'not_seen' }, 'empty road')
  await t.rejects(verdict(STREET, [2000, 0, 2010, 10]), { message: 'region: expected a part of the photo, which is 960×640' })
})
