import type { FastifyRequest } from 'fastify'
import { totalBytes } from '../../../engine/chunks.ts'
import type { Chunks, InferOutput, Timed } from '../../../engine/results.ts'
import type { Size } from '../../../head/decode/boxes.ts'
import type { DecodeOptions } from '../../../head/decode/decode.ts'
import { acquire } from '../../acquire.ts'
import { decodeOptions, recognize, type Service } from '../../recognize.ts'
import type { Run } from '../../record.ts'
import { readImage, readPixels } from './input.ts'
import { isObjectOutput, planFor } from './outputs.ts'
import type { InferRequest, WantedOutput } from './request.ts'
import type { Served } from './served.ts'
import { objectTensors, type OutputTensor } from './tensors.ts'

/** A model and the requested outputs. */
export interface Inference {
  readonly served: Served
  readonly asked: InferRequest
  readonly wanted: readonly WantedOutput[]
}

/** Whether tensors of the network are requested, not only objects. */
export const wantsTensors = ({ served, wanted }: Inference): boolean => served.isRaw || !wanted.every(isObjectOutput)

/**
 * Runs a model: for objects alone like POST /detect, otherwise like POST /features. The run is added to the request's record.
 * @returns the requested outputs in order
 * @throws ApiError, and what Engine.acquire and Lease.run throw
 */
export async function runInference (service: Service, request: FastifyRequest, inference: Inference): Promise<OutputTensor[]> {
  const tensors = wantsTensors(inference) ? await infer(service, request, inference) : await detect(service, request, inference)
  const byName = new Map(tensors.map(tensor => [tensor.name, tensor]))
  return inference.wanted.map(({ name }) => byName.get(name)!)
}

async function detect (service: Service, request: FastifyRequest, { served, asked }: Inference): Promise<OutputTensor[]> {
  const image = readImage(asked)
  const { output } = await recognize(service, request, { image, model: served.deployment.name, options: asked.options })
  return objectTensors(output.objects)
}

async function infer (service: Service, request: FastifyRequest, { served, asked, wanted }: Inference): Promise<OutputTensor[]> {
  const { lease, wait } = await acquire(service, 'infer', request, served.deployment.name)
  try {
    const plan = planFor(wanted, lease.model, served.isRaw, service.limits.maxFeatureBytes)
    const options = plan.objects ? decodeOptions(asked.options, lease.model.labels) : undefined
    const input = served.isRaw ? readPixels(asked, lease.model) : photoOf(service, asked, options)
    const output = await lease.run({ ...input, ...plan }, wait)
    const size = 'shape' in input ? { width: input.shape[2]!, height: input.shape[1]! } : output.image!
    request.record.runs.push(runOf(lease.model.name, size, output))
    return [...objectTensors(output.objects), ...tensorsOf(output)]
  } finally {
    lease.release()
  }
}

function photoOf ({ limits: { maxPixels } }: Service, asked: InferRequest, options?: DecodeOptions) {
  return { bytes: readImage(asked), maxPixels, ...(options && { options }) }
}

function runOf (model: string, { width, height }: Size, { times, tensors, body, objects }: Timed<InferOutput>): Run {
  const found = objects.map(({ label }) => label)
  return { task: 'infer', model, image: { width, height }, times, objects: found, layers: tensors.length, bytes: totalBytes(body) }
}

/** The tensors of a reply, each with its part of the body. */
function tensorsOf ({ tensors, body }: InferOutput): OutputTensor[] {
  const chunks = body.values()
  return tensors.map(({ name, shape, bytes }) => ({ name, datatype: 'FP32', shape, body: take(chunks, bytes) }))
}

/** The next chunks that add up to a number of bytes. A chunk belongs to one tensor. */
function take (chunks: Iterator<Uint8Array>, bytes: number): Chunks {
  const taken: Uint8Array[] = []
  for (let left = bytes; left > 0;) {
    const chunk = chunks.next().value as Uint8Array
    taken.push(chunk)
    left -= chunk.length
  }
  return taken
}
