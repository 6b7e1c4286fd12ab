/** Layers' activations as files: arrays for programs, pictures for people. */
import { writeSafetensors } from '../../models/checkpoints/safetensors.ts'
import type { DetectorConfig } from '../../models/config.ts'
import type { ChosenLayer } from '../../models/choose-layers.ts'
import { annotationSvg } from '../image/annotate.ts'
import { FeaturesError } from '../errors.ts'
import { toDetections } from '../reply.ts'
import type { DetectedObject, Rendering } from '../results.ts'
import type { Output } from '../session.ts'
import type { Prepared } from '../steps.ts'
import { photoArea } from './area.ts'
import { isMap, mapSize, type NamedArray } from './array.ts'
import { channelSheet } from './channel-sheet.ts'
import type { PhotoMap } from './heat.ts'
import { writeNpy } from './npy.ts'
import { writeNpz } from './npz.ts'
import { featureOverlay } from './overlay.ts'
import { reduceChannels } from './reduce.ts'
import { stacked } from './stack.ts'
import { statisticsOf } from './statistics.ts'

/** The results of one forward pass. */
export interface Inspection {
  readonly config: DetectorConfig
  readonly prepared: Prepared
  readonly objects: readonly DetectedObject[]
  readonly layers: ReadonlyArray<{ readonly info: ChosenLayer, readonly output: Output }>
  /** LayerCAM's maps by the layers' names, and what they are about. */
  readonly cam?: { readonly cams: Readonly<Record<string, Output>>, readonly label: string, readonly score: number } | undefined
}

type Renderer = (inspection: Inspection, rendering: Rendering) => Uint8Array | Promise<Uint8Array>

const RENDERERS: Record<Rendering['format'], Renderer> = {
  npz: inspection => writeNpz(arraysOf(inspection)),
  npy: inspection => writeNpy(onlyLayer(inspection)),
  safetensors: inspection => writeSafetensors(new Map(arraysOf(inspection).map(array => [array.name, array])), metadataOf(inspection)),
  maps: (inspection, { reduce }) => writeMaps(inspection, reduce),
  json: (inspection, { values }) => toBytes(describe(inspection, values)),
  png: ({ layers }, { channels }) => together(layers.map(layer => channelSheet(named(layer), { channels })), 'png'),
  overlay: (inspection, { reduce }) => together(inspection.layers.map(layer => overlay(inspection, layer, reduce)), 'jpeg'),
  report: async (inspection, { reduce }) => toBytes(await Promise.all(inspection.layers.map(layer => report(inspection, layer, reduce))))
}

/** @throws FeaturesError if the layers do not fit the format */
export const render = async (inspection: Inspection, rendering: Rendering): Promise<Uint8Array> =>
  RENDERERS[rendering.format](inspection, rendering)

type Layer = Inspection['layers'][number]
type Reduce = Rendering['reduce']

const named = ({ info, output }: Layer) => ({ name: info.label, shape: output.dims, data: output.data })

const toBytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

/** The layers and the objects of the same pass: boxes in pixels of the photo; input pixel = photo pixel · scale + pad, x before y. */
function arraysOf ({ layers, objects, prepared: { warp } }: Inspection): NamedArray[] {
  const floats = (name: string, shape: number[], values: number[]): NamedArray => ({ name, shape, data: Float32Array.from(values) })
  return [
    ...layers.map(named),
    floats('boxes', [objects.length, 4], objects.flatMap(({ box }) => [...box])),
    floats('scores', [objects.length], objects.map(({ score }) => score)),
    { name: 'class_ids', shape: [objects.length], data: BigInt64Array.from(objects, ({ classId }) => BigInt(classId)) },
    floats('scale', [2], [warp.scaleX, warp.scaleY]),
    floats('pad', [2], [warp.offsetX, warp.offsetY])
  ]
}

function onlyLayer ({ layers }: Inspection): NamedArray {
  const [layer, ...others] = layers
  if (others.length > 0) throw new FeaturesError(`npy holds one layer, not ${layers.length}: ask for one, or for npz`)
  return named(layer!)
}

const metadataOf = ({ config, layers, prepared: { warp, image } }: Inspection): Record<string, string> => ({
  model: config.name,
  layers: JSON.stringify(Object.fromEntries(layers.map(({ info: { label, name } }) => [label, name]))),
  image: JSON.stringify({ width: image.width, height: image.height }),
  warp: JSON.stringify({ scale: [warp.scaleX, warp.scaleY], pad: [warp.offsetX, warp.offsetY] }),
  labels: JSON.stringify(config.labels)
})

function describe ({ config, prepared: { image, warp }, objects, layers }: Inspection, values: boolean) {
  return {
    model: config.name,
    image: { width: image.width, height: image.height },
    warp: { scale: [warp.scaleX, warp.scaleY], pad: [warp.offsetX, warp.offsetY] },
    detections: toDetections(objects),
    layers: layers.map(layer => ({ ...summarize(layer), ...(values && { values: Array.from(layer.output.data) }) }))
  }
}

function summarize ({ info, output }: Layer) {
  const { nonFinite, ...statistics } = statisticsOf(output.data)
  const { name, alias, dtype, stride } = info
  return { name, alias, shape: output.dims, dtype, stride, statistics: { ...statistics, non_finite: nonFinite } }
}

/** A layer in the reply of POST /detect: its statistics, and its overlay as a data URL if it can be drawn. */
async function report (inspection: Inspection, layer: Layer, reduce: Reduce) {
  const picture = layer.info.stride === undefined ? undefined : await overlay(inspection, layer, reduce)
  return { ...summarize(layer), ...(picture && { overlay: `data:image/jpeg;base64,${picture.toString('base64')}` }) }
}

function overlay (inspection: Inspection, layer: Layer, reduce: Reduce): Promise<Buffer> {
  const { prepared: { photo, warp }, objects } = inspection
  return featureOverlay(photo, { ...mapOf(inspection, layer, reduce), warp }, {
    title: `${layer.info.label} · ${titleOf(reduce, inspection)}`,
    svgOnTop: annotationSvg(photo, objects)
  })
}

function titleOf (reduce: Reduce, { cam }: Inspection): string {
  if (reduce === 'layercam') return `layercam of ${cam!.label} ${cam!.score.toFixed(2)}`
  return typeof reduce === 'number' ? `channel ${reduce}` : reduce
}

/** One value per cell of a feature map. @throws NotAMapError for other layers */
function mapOf ({ prepared: { photo, warp }, cam }: Inspection, { info, output: { dims, data } }: Layer, reduce: Reduce): Omit<PhotoMap, 'warp'> {
  const { width, height } = mapSize(dims)
  const stride = warp.padded.width / width
  const area = photoArea(photo, warp, stride, { width, height })
  const map = reduce === 'layercam' ? cam!.cams[info.name]!.data : reduceChannels({ shape: dims, data }, reduce, area)
  return { map, mapWidth: width, mapHeight: height, stride }
}

/** The maps `[H, W]` of the layers that are feature maps, as safetensors. @throws FeaturesError if none is */
function writeMaps (inspection: Inspection, reduce: Reduce): Uint8Array {
  const layers = inspection.layers.filter(({ output: { dims } }) => isMap(dims))
  if (layers.length === 0) throw new FeaturesError('maps: none of the requested layers is a feature map')
  const maps = layers.map(layer => [layer.info.label, mapOf(inspection, layer, reduce)] as const)
  const tensors = maps.map(([label, { map, mapWidth, mapHeight }]) => [label, { shape: [mapHeight, mapWidth], data: map }] as const)
  return writeSafetensors(new Map(tensors), {
    ...metadataOf({ ...inspection, layers }),
    reduce: String(reduce),
    ...inspection.cam && { for: JSON.stringify({ label: inspection.cam.label, score: inspection.cam.score }) },
    strides: JSON.stringify(Object.fromEntries(maps.map(([label, { stride }]) => [label, stride])))
  })
}

async function together (pictures: ReadonlyArray<Promise<Buffer>>, format: 'png' | 'jpeg'): Promise<Buffer> {
  return stacked(await Promise.all(pictures), format)
}
