/** Compiled in .ci/package.js against the packed types, strictly, and never run. */
import {
  buildApp, createEngine, detect, features, NanodetError,
  type Detections, type EngineOptions, type Explained, type FeatureMap, type NanodetEngine, type Verdict
} from 'nanodet-server'
import {
  NanodetApiError, NanodetClient, type BatchResult, type DetectReply, type ExplainReply, type Model, type Profile
} from 'nanodet-server/client'
import {
  compile, conv2d, convModule, input, relu, Scope, sequential, stagedBackbone, zeros,
  type Backbone, type Layer, type Tensor
} from 'nanodet-server/nn'

export async function embedded (bytes: Uint8Array): Promise<string[]> {
  const options: EngineOptions = { workers: 2, precision: 'int8' }
  const engine: NanodetEngine = await createEngine(options)
  const found: Detections = await engine.detect(bytes, { scoreThreshold: 0.5, classes: ['bus'], signal: AbortSignal.timeout(1000) })
  const maps: Map<string, FeatureMap> = await engine.features(bytes, { layers: 'stage4,p5' })
  const data: Float32Array | undefined = maps.get('p5')?.data
  const explained: Explained = await engine.explain(bytes, { region: { x1: 0, y1: 0, x2: 9, y2: 9 }, label: 'bus' })
  const verdict: Verdict | undefined = explained.explanation.region?.verdict
  const app = await buildApp({ engine, settings: { API_KEYS: 'k' } })
  await app.listen({ port: 0 })
  await engine.close()
  // @ts-expect-error options are checked
  await engine.detect(bytes, { threshold: 0.5 })
  // @ts-expect-error an image is bytes
  await engine.detect('photo.jpg')
  // @ts-expect-error layers have to be named
  await engine.features(bytes)
  // @ts-expect-error a region has names
  await engine.explain(bytes, { region: [0, 0, 9, 9] })
  return [...found.detections.map(({ label, box }) => `${label} ${box.x1}`), String(data?.length), verdict?.sentence ?? '']
}

export async function script (bytes: ArrayBuffer): Promise<number> {
  try {
    return (await detect(bytes)).detections.length + (await features(bytes, { layers: 'p3' })).size
  } catch (error) {
    if (error instanceof NanodetError && error.code === 'OVERLOADED') return error.retryAfter ?? error.statusCode
    throw error
  }
}

export async function remote (file: Blob): Promise<DetectReply> {
  const client = new NanodetClient('http://localhost:8080', { apiKey: 'k', retries: 2, timeout: 5000 })
  const models: Model[] = await client.models()
  const [first]: BatchResult[] = await client.detectBatch([file], { score_threshold: 0.5, classes: ['bus', 'car'] })
  if (first && 'error' in first) throw new NanodetApiError('HTTP_ERROR', first.error.message, { statusCode: first.error.statusCode })
  // @ts-expect-error parameters are named as on the wire
  await client.detect(file, { scoreThreshold: 0.5 })
  const { region, candidates }: ExplainReply = await client.explain(file, { region: [0, 0, 9, 9], label: 'bus' })
  if (region?.verdict.kind === 'found' && candidates[0]?.state === 'kept') await client.explain(file)
  const { layers, total_ms: total }: Profile = await client.profile('nanodet-m-416', { runs: 5 })
  if (layers.some(({ ms }) => ms > total)) return await client.detect(file)
  const { detections } = await client.detect(file, { features: 'stage4', reduce: 'mean' })
  const id: number | undefined = detections[0]?.class_id
  const { classes } = await client.classify(file, { top_k: 3, model: models[0]?.name })
  return id === undefined || classes.length === 0 ? await client.detect('https://example.com/photo.jpg') : await client.detect(file)
}

const block: Layer = sequential(conv2d(8, 3), relu)
export const backbone: Backbone = stagedBackbone(
  { stride: 2, layer: (x: Tensor, scope) => scope.apply('stem', convModule(8, { kernel: 3, stride: 2, act: relu }), x) },
  [{ number: 2, stride: 1, layer: (x, scope) => scope.apply('stage2', block, x) }],
  [2]
)

export function compiled (): Uint8Array {
  const scope = Scope.root(zeros(false))
  const [feature] = scope.apply('backbone', backbone, input('image', [1, 3, 32, 32]))
  // @ts-expect-error there may be none
  compile({ stage2: feature.tensor })
  return compile({ stage2: feature!.tensor }, { names: scope.taps })
}
