import { errorOf, NanodetApiError } from './api-error.ts'
import { queryOf } from './query.ts'
import type {
  BatchResult, ClassifyParameters, ClassifyReply, CorrectedBox, DetectParameters, DetectReply, ExplainParameters, ExplainReply,
  FeaturesParameters, FeaturesReply, FeedbackParameters, FeedbackReply, Layer, Model, Profile, ProfileParameters, Summary
} from './types.ts'

/** An image file: its bytes, or a URL (also `data:` and `blob:`) that the client fetches. The server sees only bytes. */
export type Image = Blob | ArrayBuffer | Uint8Array | string | URL

export interface ClientOptions {
  /** One of the server's API_KEYS. */
  readonly apiKey?: string | undefined
  /** In place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Ends all calls of this client. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds after which one call, with its retries, fails with a TimeoutError. Unlimited by default. */
  readonly timeout?: number | undefined
  /** How often a call is repeated after 503 with Retry-After, as the server sends it when it is overloaded: 0 by default. */
  readonly retries?: number | undefined
}

export interface CallOptions {
  /** Ends this call. */
  readonly signal?: AbortSignal | undefined
}

type Read<T> = (response: Response) => Promise<T>

/** As setTimeout allows it: longer waits would end at once. */
const MAX_WAIT = 2 ** 31 - 1

interface Call extends CallOptions {
  readonly method?: 'GET' | 'POST'
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly body?: NonNullable<RequestInit['body']>
  readonly accept?: string
}

/**
 * Calls the HTTP API of nanodet-server. Works in browsers, Node, Deno and Bun. Parameters and replies are named as on the wire.
 * All methods throw NanodetApiError, or the reason of the signal that ended them.
 * @example
 * const client = new NanodetClient('http://localhost:8080')
 * const { detections } = await client.detect(file, { score_threshold: 0.5 })
 */
export class NanodetClient {
  readonly #base: string
  readonly #options: ClientOptions

  /** @param baseUrl where the API begins; a path is kept: `https://example.com/nanodet` */
  constructor (baseUrl: string | URL, options: ClientOptions = {}) {
    this.#base = String(baseUrl).replace(/\/+$/, '')
    this.#options = options
  }

  /** Finds the objects in an image. */
  async detect (image: Image, parameters: DetectParameters = {}, options: CallOptions = {}): Promise<DetectReply> {
    return await this.#json('/detect', { ...await this.#upload(image, options), parameters })
  }

  /** Finds the objects in up to 32 images, in one request. An image that can't be read has an `error` in its place. */
  async detectBatch (
    images: readonly Image[], parameters: DetectParameters = {}, options: CallOptions = {}
  ): Promise<BatchResult[]> {
    const body = new FormData()
    for (const image of images) body.append('images', new Blob([await this.#bytes(image, options)]), 'image')
    const { results } = await this.#json<{ results: BatchResult[] }>('/detect', { ...options, method: 'POST', body, parameters })
    return results
  }

  /** Returns the image with boxes and labels drawn on it, as JPEG. */
  async draw (image: Image, parameters: DetectParameters = {}, options: CallOptions = {}): Promise<Blob> {
    const call = { ...await this.#upload(image, options), parameters, accept: 'image/jpeg' }
    return await this.#request('/detect', call, response => response.blob())
  }

  /** Returns statistics of layers' outputs for an image, and its objects; all values with `{ values: true }`. */
  async features (
    image: Image, parameters: FeaturesParameters & { readonly values?: boolean | undefined } = {}, options: CallOptions = {}
  ): Promise<FeaturesReply> {
    return await this.#json('/features', { ...await this.#upload(image, options), parameters: { ...parameters, format: 'json' } })
  }

  /** Returns layers' outputs for an image as NumPy arrays, an .npz file. */
  async featuresNpz (image: Image, parameters: FeaturesParameters = {}, options: CallOptions = {}): Promise<ArrayBuffer> {
    const call = { ...await this.#upload(image, options), parameters: { ...parameters, format: 'npz' }, accept: '*/*' }
    return await this.#request('/features', call, response => response.arrayBuffer())
  }

  /** Explains the detections in an image, and a region: `{ region: [x1, y1, x2, y2] }`, in pixels of the photo as displayed. */
  async explain (image: Image, parameters: ExplainParameters = {}, options: CallOptions = {}): Promise<ExplainReply> {
    return await this.#json('/explain', { ...await this.#upload(image, options), parameters })
  }

  /** Classifies an image. The server needs a classifier. */
  async classify (image: Image, parameters: ClassifyParameters = {}, options: CallOptions = {}): Promise<ClassifyReply> {
    return await this.#json('/classify', { ...await this.#upload(image, options), parameters })
  }

  /**
   * Stores an image with its corrected boxes for training, in place of earlier ones. The server needs FEEDBACK_DIR.
   * @param image also the `hash` of an earlier reply
   */
  async feedback (
    image: Image, boxes: readonly CorrectedBox[], parameters: FeedbackParameters = {}, options: CallOptions = {}
  ): Promise<FeedbackReply> {
    const body = new FormData()
    body.append('boxes', JSON.stringify(boxes))
    if (typeof image === 'string' && image.startsWith('sha256:')) body.append('hash', image)
    else body.append('image', new Blob([await this.#bytes(image, options)]), 'image')
    return await this.#json('/feedback', { ...options, method: 'POST', body, parameters })
  }

  async models (options: CallOptions = {}): Promise<Model[]> {
    return (await this.#json<{ models: Model[] }>('/models', options)).models
  }

  /** The layers of a model that `features` can return, in the order of the forward pass. */
  async layers (model: string, options: CallOptions = {}): Promise<Layer[]> {
    return (await this.#json<{ layers: Layer[] }>(`/models/${encodeURIComponent(model)}/layers`, options)).layers
  }

  /** What the layers of a model cost. */
  async summary (model: string, options: CallOptions = {}): Promise<Summary> {
    return await this.#json(`/models/${encodeURIComponent(model)}/summary`, options)
  }

  /** How long the layers of a model take, measured on the server. Takes up to two seconds. */
  async profile (model: string, parameters: ProfileParameters = {}, options: CallOptions = {}): Promise<Profile> {
    return await this.#json(`/models/${encodeURIComponent(model)}/profile`, { ...options, parameters })
  }

  /** Whether the server can take requests, and why not. Also if nothing answers. */
  async health (options: CallOptions = {}): Promise<{ ready: boolean, problem?: string }> {
    try {
      await this.#once('/health/ready', this.#init(options, this.#signal(options)), response => response.text())
      return { ready: true }
    } catch (error) {
      if (error instanceof NanodetApiError) return { ready: false, problem: error.message }
      throw error
    }
  }

  async #upload (image: Image, options: CallOptions): Promise<Call> {
    return { ...options, method: 'POST', body: await this.#bytes(image, options) }
  }

  async #bytes (image: Image, options: CallOptions): Promise<Blob | ArrayBuffer | Uint8Array<ArrayBuffer>> {
    if (typeof image !== 'string' && !(image instanceof URL)) return image as Blob | ArrayBuffer | Uint8Array<ArrayBuffer>
    return await this.#fetch(image, { signal: this.#signal(options) }, async response => {
      if (response.ok) return await response.blob()
      throw new NanodetApiError('HTTP_ERROR', `${String(image)}: answered ${response.status}`, { statusCode: response.status })
    })
  }

  async #json<T> (path: string, call: Call): Promise<T> {
    return await this.#request(path, call, jsonOf<T>)
  }

  async #request<T> (path: string, call: Call, read: Read<T>): Promise<T> {
    const { retries = 0 } = this.#options
    const init = this.#init(call, this.#signal(call))
    const target = `${path}${queryOf(call.parameters)}`
    for (let left = retries; ; left--) {
      try {
        return await this.#once(target, init, read)
      } catch (error) {
        if (!(left > 0) || !isOverload(error)) throw error
        await sleep(error.retryAfter * 1000, init.signal)
      }
    }
  }

  async #once<T> (target: string, init: RequestInit, read: Read<T>): Promise<T> {
    return await this.#fetch(`${this.#base}${target}`, init, async response => {
      if (response.ok) return await read(response)
      throw await errorOf(response)
    })
  }

  /** The connection may also break while the body is read. */
  async #fetch<T> (url: string | URL, init: RequestInit, read: Read<T>): Promise<T> {
    const { fetch = globalThis.fetch } = this.#options
    try {
      return await read(await fetch(url, init))
    } catch (cause) {
      if (cause instanceof NanodetApiError) throw cause
      if (init.signal?.aborted) throw init.signal.reason
      const reason = (cause as Error).cause ?? cause // Node's fetch has the reason inside
      throw new NanodetApiError('NETWORK_ERROR', `${String(url).slice(0, 200)}: ${(reason as Error).message || 'no answer'}`, { statusCode: 0, cause })
    }
  }

  #init ({ method = 'GET', body, accept = 'application/json' }: Call, signal: AbortSignal | null): RequestInit {
    const { apiKey } = this.#options
    const headers: Record<string, string> = { accept }
    if (apiKey !== undefined) headers['authorization'] = `Bearer ${apiKey}`
    if (body !== undefined && !(body instanceof FormData)) headers['content-type'] = 'application/octet-stream'
    return { method, headers, signal, ...(body !== undefined && { body }) }
  }

  #signal ({ signal }: CallOptions): AbortSignal | null {
    const { signal: ofClient, timeout } = this.#options
    const signals = [signal, ofClient, timeout === undefined ? undefined : AbortSignal.timeout(timeout)].flatMap(one => one ?? [])
    return signals.length > 0 ? AbortSignal.any(signals) : null
  }
}

const isOverload = (error: unknown): error is NanodetApiError & { retryAfter: number } =>
  error instanceof NanodetApiError && error.statusCode === 503 && error.retryAfter !== undefined

/** @throws NanodetApiError if another program answers, a login page for example */
async function jsonOf<T> (response: Response): Promise<T> {
  const text = await response.text()
  try {
    return JSON.parse(text) as T
  } catch (cause) {
    const message = `The server answered ${response.status} without JSON: ${text.slice(0, 200) || 'nothing'}`
    throw new NanodetApiError('HTTP_ERROR', message, { statusCode: response.status, cause })
  }
}

/** @throws the signal's reason */
async function sleep (ms: number, signal: AbortSignal | null | undefined): Promise<void> {
  signal?.throwIfAborted()
  let timer: ReturnType<typeof setTimeout> | undefined
  let onAbort = (): void => {}
  await new Promise<void>((resolve, reject) => {
    timer = setTimeout(resolve, Math.min(ms, MAX_WAIT))
    onAbort = () => reject(signal!.reason)
    signal?.addEventListener('abort', onAbort)
  }).finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  })
}
