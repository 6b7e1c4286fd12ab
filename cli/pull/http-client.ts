import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici'
import { CommandError } from '../errors.ts'
import { DownloadError } from './errors.ts'
import { shownUrl } from './sources.ts'

const MAX_REDIRECTS = 10
const REDIRECTS = [301, 302, 303, 307, 308]
const USER_AGENT = 'nanodet-server (models pull)'

export type Variables = Readonly<Record<string, string | undefined>>
type Headers = Readonly<Record<string, string>>

/** The reply to the last request of a chain of redirects. */
export interface Reply {
  readonly url: URL
  readonly status: number
  readonly headers: Dispatcher.ResponseData['headers']
  readonly body: Dispatcher.ResponseData['body']
}

/** GET requests, through the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. */
export class HttpClient {
  readonly #agent: EnvHttpProxyAgent

  /** @throws CommandError if a proxy variable can't be used */
  constructor (env: Variables) {
    const variable = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? ''
    try {
      this.#agent = new EnvHttpProxyAgent({
        httpProxy: variable('HTTP_PROXY'), httpsProxy: variable('HTTPS_PROXY'), noProxy: variable('NO_PROXY')
      })
    } catch (cause) {
      throw new CommandError('HTTP_PROXY or HTTPS_PROXY is not a URL: expected http://HOST:PORT', { cause })
    }
  }

  /** Follows redirects. The body has to be read or dumped. @throws DownloadError for a redirect that is refused; network errors */
  async get (source: URL, headers: Headers, signal: AbortSignal): Promise<Reply> {
    let url = source
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const { statusCode: status, headers: received, body } = await request(withoutUser(url), {
        dispatcher: this.#agent,
        headers: { 'user-agent': USER_AGENT, 'accept-encoding': 'identity', ...authorization(source, url), ...headers },
        signal,
        bodyTimeout: 0, // the signal ends what stalls
        headersTimeout: 0
      })
      const { location } = received
      if (!REDIRECTS.includes(status) || location === undefined) return { url, status, headers: received, body }
      await body.dump()
      url = redirectTarget(url, String(location))
    }
    throw new DownloadError(`${shownUrl(source)}: more than ${MAX_REDIRECTS} redirects`)
  }

  async close (): Promise<void> { await this.#agent.destroy() }
}

/** Where a redirect leads. @throws DownloadError if it leaves HTTPS, or leads to something else than HTTP */
export function redirectTarget (from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:')) return to
  const problem = to?.protocol === 'http:' ? 'from HTTPS to HTTP, which is not secure' : `to ${location}`
  throw new DownloadError(`${shownUrl(from)}: refused a redirect ${problem}`)
}

/** Credentials of the source's URL, for its own server only. */
function authorization (source: URL, { origin }: URL): Headers {
  if (source.username === '' || origin !== source.origin) return {}
  const credentials = [source.username, source.password].map(decodeURIComponent).join(':')
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
}

function withoutUser (url: URL): URL {
  const bare = new URL(url)
  bare.username = bare.password = ''
  return bare
}
