/** Requests to the server that the page comes from. All paths are relative: the page may live below a prefix. */
import { errorOf } from '../../../client/api-error.ts'
import { queryOf } from '../../../client/query.ts'
import type { Explanation } from '../../../engine/explain/explanation.ts'
import type { DetectReply, Layer, Model, Summary } from '../../../client/types.ts'

export type ExplainReply = DetectReply & Explanation

export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>

export interface Server {
  /** Sent with every request; the tab forgets it when it closes. */
  key: string | undefined
  models (): Promise<Model[]>
  layers (model: string): Promise<Layer[]>
  summary (model: string): Promise<Summary>
  explain (photo: Blob, parameters: Parameters): Promise<ExplainReply>
  /** Any request with a photo. @throws NanodetApiError */
  send (path: string, photo: Blob, parameters: Parameters): Promise<Response>
  /** Any request without one. @throws NanodetApiError */
  get (path: string): Promise<Response>
}

/** @param base address of the page @param fetch the browser's */
export function createServer (base: string | URL, fetch: typeof globalThis.fetch): Server {
  async function request (path: string, init: RequestInit): Promise<Response> {
    const headers = { ...(server.key !== undefined && { authorization: `Bearer ${server.key}` }) }
    const response = await fetch(new URL(path, base), { ...init, headers })
    if (!response.ok) throw await errorOf(response)
    return response
  }
  const readJson = async <T>(response: Promise<Response>): Promise<T> => await (await response).json() as T
  const modelPath = (model: string): string => `models/${encodeURIComponent(model)}`
  const server: Server = {
    key: undefined,
    get: path => request(path, {}),
    send: (path, body, parameters) => request(`${path}${queryOf(parameters)}`, { method: 'POST', body }),
    models: async () => (await readJson<{ models: Model[] }>(server.get('models'))).models,
    layers: async model => (await readJson<{ layers: Layer[] }>(server.get(`${modelPath(model)}/layers`))).layers,
    summary: model => readJson(server.get(`${modelPath(model)}/summary`)),
    explain: (photo, parameters) => readJson(server.send('explain', photo, parameters))
  }
  return server
}
