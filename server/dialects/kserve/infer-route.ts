import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { totalBytes } from '../../../engine/chunks.ts'
import type { Service } from '../../recognize.ts'
import { modelPaths, servedOf } from './model-routes.ts'
import { encodeReply, sendReply } from './reply.ts'
import { readInferRequest, type InferRequest, type WantedOutput } from './request.ts'
import { runInference, wantsTensors } from './run.ts'
import { MODEL_VERSION, type Served } from './served.ts'
import { outputsOf } from './signature.ts'
import type { Statistics } from './statistics.ts'

const HEADER_LENGTH = 'inference-header-content-length'

/** POST …/infer: takes an image or a network's input, returns objects and tensors. */
export function inferRoute (scope: FastifyInstance, service: Service, statistics: Statistics): void {
  for (const path of modelPaths('/infer')) {
    scope.post(path, { config: { task: 'detect' } }, async (request, reply) => {
      const served = servedOf(service.engine, request)
      try {
        const answer = await infer(request, reply, served)
        statistics.succeeded(served.name, request.record.runs[0]!.times)
        return answer
      } catch (error) {
        statistics.failed(served.name, reply.elapsedTime)
        throw error
      }
    })
  }

  async function infer (request: FastifyRequest, reply: FastifyReply, served: Served): Promise<FastifyReply> {
    const asked = readInferRequest(await scope.bodies.read(request), request.headers[HEADER_LENGTH]?.toString())
    const inference = { served, asked, wanted: asked.outputs ?? defaultsOf(served, asked) }
    if (wantsTensors(inference)) scope.featureReplies.check()
    const tensors = await runInference(service, request, inference)
    const head = { model_name: served.name, model_version: MODEL_VERSION, ...(asked.id !== undefined && { id: asked.id }) }
    const encoded = await encodeReply(head, tensors, inference.wanted)
    if (wantsTensors(inference)) scope.featureReplies.count(request, reply, encoded.json.length + totalBytes(encoded.binary))
    return await sendReply(request, reply, encoded)
  }
}

const defaultsOf = (served: Served, { binary }: InferRequest): WantedOutput[] =>
  outputsOf(served).map(({ name }) => ({ name, binary }))
