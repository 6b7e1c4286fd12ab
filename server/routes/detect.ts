import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Readable } from 'node:stream'
import { totalBytes } from '../../engine/chunks.ts'
import type { Engine } from '../../engine/engine.ts'
import { toReply } from '../../engine/reply.ts'
import type { Chunks } from '../../engine/results.ts'
import { receive } from '../acquire.ts'
import { decodeOptions, reduceMode, type DecodeQuery } from '../decode-options.ts'
import { chooseWithin } from '../feature-limits.ts'
import type { Limits } from '../limits.ts'
import { detectQuery, detectReplyWithFeatures, errorReply } from '../schemas.ts'

interface DetectQuery extends DecodeQuery { model?: string | undefined, reduce: string }

/** POST /detect: the objects in an image, and on request how layers responded to it. */
export const detectRoute: FastifyPluginAsyncZod<{ engine: Engine, limits: Limits }> = async (app, { engine, limits }) => {
  const schema = {
    summary: 'Find objects in an image',
    description: 'The body is the image (JPEG, PNG, WebP, AVIF, GIF or TIFF), or a form with a file part named image.',
    querystring: detectQuery,
    response: { 200: detectReplyWithFeatures, '4xx': errorReply, '5xx': errorReply }
  }
  app.post('/detect', { schema, config: { imageBody: 'detect' } }, async (request, reply) => {
    const { features, ...query } = request.query
    return features === undefined ? await detect(request, query) : await detectWithFeatures(request, query, features, reply)
  })

  async function detect (request: FastifyRequest, query: DetectQuery) {
    const { image, lease, wait } = await receive(engine, 'detect', request, query.model, limits)
    try {
      const { name, labels } = lease.model
      const output = await lease.run({ ...image, options: decodeOptions(query, labels) }, wait)
      const answer = toReply(name, output)
      request.record.run = { task: 'detect', model: name, image: answer.image, times: output.times, objects: labelsOf(output) }
      return answer
    } finally {
      lease.release()
    }
  }

  /** The report comes from the worker as JSON, and goes into the reply as it is. */
  async function detectWithFeatures (request: FastifyRequest, query: DetectQuery, features: string, reply: FastifyReply) {
    app.featureReplies.check()
    const { image, lease, wait } = await receive(engine, 'inspect', request, query.model, limits)
    try {
      const { name, labels } = lease.model
      const rendering = { format: 'report', values: false, channels: 0, reduce: reduceMode(query.reduce) } as const
      const layers = chooseWithin(limits.maxFeatureBytes, features, lease.model, rendering)
      const output = await lease.run({ ...image, options: decodeOptions(query, labels), layers, rendering }, wait)
      const answer = toReply(name, output)
      app.featureReplies.count(request, reply, totalBytes(output.body))
      request.record.run = { task: 'features', model: name, image: answer.image, times: output.times, objects: labelsOf(output) }
      return reply.type('application/json; charset=utf-8').send(Readable.from(withFeatures(answer, output.body)))
    } finally {
      lease.release()
    }
  }
}

const labelsOf = ({ objects }: { objects: ReadonlyArray<{ readonly label: string }> }): string[] => objects.map(({ label }) => label)

const withFeatures = (answer: object, features: Chunks): Uint8Array[] =>
  [Buffer.from(`${JSON.stringify(answer).slice(0, -1)},"features":`), ...features, Buffer.from('}')]
