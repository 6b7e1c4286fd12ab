import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { totalBytes, type Bytes } from '../../engine/chunks.ts'
import type { LoadedInfo } from '../../engine/models/model-info.ts'
import { toReply } from '../../engine/reply.ts'
import type { Chunks } from '../../engine/results.ts'
import type { SentInputOf } from '../../engine/tasks/catalog.ts'
import { acquire } from '../acquire.ts'
import { targetOf } from '../cam-target.ts'
import type { Upload } from '../body/upload.ts'
import { ApiError } from '../errors.ts'
import { chooseWithin } from '../feature-limits.ts'
import type { Limits } from '../limits.ts'
import { decodeOptions, type Service } from '../recognize.ts'
import { optionsOf, reduceMode, type detectParameters } from '../schemas.ts'

/** A POST /detect with `features`. */
export interface FeaturesRequest { readonly upload: Upload, readonly parameters: z.output<typeof detectParameters> }

/**
 * Answers like POST /detect, plus a report on layers. The worker sends the report as JSON, which goes into
 * the reply unchanged.
 */
export async function detectWithFeatures (
  service: Service, request: FastifyRequest, reply: FastifyReply, { upload, parameters }: FeaturesRequest
): Promise<FastifyReply> {
  const { featureReplies } = request.server
  if (upload.isBatch) throw new ApiError('INVALID_PARAMETER', 'features: expected one image')
  featureReplies.check()
  const { lease, wait } = await acquire(service, 'features', request, parameters.model)
  try {
    const output = await lease.run(inspectionOf(upload.images[0]!, parameters, lease.model, service.limits), wait)
    const answer = toReply(lease.model.name, output)
    featureReplies.count(request, reply, totalBytes(output.body))
    const objects = output.objects.map(({ label }) => label)
    request.record.runs.push({ task: 'features', model: answer.model, image: answer.image, times: output.times, objects })
    return reply.type('application/json; charset=utf-8').send(Readable.from(withFeatures(answer, output.body)))
  } finally {
    lease.release()
  }
}

function inspectionOf (
  bytes: Bytes, parameters: FeaturesRequest['parameters'], model: LoadedInfo, { maxFeatureBytes, maxPixels }: Limits
): SentInputOf<'features'> {
  const rendering = { format: 'report', values: false, channels: 0, reduce: reduceMode(parameters.reduce) } as const
  const layers = chooseWithin(maxFeatureBytes, parameters.features!, model, rendering)
  const target = targetOf(rendering, parameters.for, model.labels)
  return { bytes, maxPixels, options: decodeOptions(optionsOf(parameters), model.labels), layers, rendering, target }
}

const withFeatures = (answer: object, features: Chunks): Uint8Array[] =>
  [Buffer.from(`${JSON.stringify(answer).slice(0, -1)},"features":`), ...features, Buffer.from('}\n')]
