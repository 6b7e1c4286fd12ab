import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../config.ts'

/** Made by server/page/bundle.ts. */
const FOLDER = new URL('../page/', import.meta.url)
const INDEX = 'index.html'
/** The files in /page/, and their types. */
const TYPES: Readonly<Record<string, string>> = {
  [INDEX]: 'text/html; charset=utf-8', 'app.js': 'text/javascript; charset=utf-8', 'page.css': 'text/css; charset=utf-8', 'street.jpg': 'image/jpeg'
}

/** The page runs its own script, calls this server, and shows photos from memory. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:", "connect-src 'self'",
  "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"
].join('; ')

const open = { schema: { hide: true }, config: { keys: 'none' } } as const

interface PageFile {
  readonly bytes: Buffer
  readonly zipped: Buffer | undefined
  readonly headers: Readonly<Record<string, string>>
}

export interface PageOptions {
  readonly config: Pick<Config, 'NO_PAGE'>
  /** Folder with the files, for tests. */
  readonly folder?: URL
}

/** GET /: the page that shows and explains detections, and its files in /page/. Without it, / leads to /docs. */
export const page = fp<PageOptions>(async (app, { config, folder = FOLDER }) => {
  const isBuilt = Object.keys(TYPES).every(name => existsSync(new URL(name, folder)))
  if (!config.NO_PAGE && !isBuilt) app.log.warn('the page at / is not built: npm run build does it')
  if (config.NO_PAGE || !isBuilt) {
    app.get('/', open, async (_, reply) => reply.redirect('docs'))
    return
  }
  for (const name of Object.keys(TYPES)) {
    const file = await readPageFile(name, folder)
    app.get(name === INDEX ? '/' : `/page/${name}`, open, async (request, reply) => sendFile(file, request, reply))
  }
}, { name: 'page', fastify: '5.x', dependencies: ['access'] })

/** The tag is a hash: packages have no times of change. */
async function readPageFile (name: string, folder: URL): Promise<PageFile> {
  const bytes = await readFile(new URL(name, folder))
  const zip = new URL(`${name}.gz`, folder)
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 16)
  const headers = {
    'content-type': TYPES[name]!, 'content-security-policy': CONTENT_SECURITY_POLICY, 'cache-control': 'no-cache', vary: 'accept-encoding', etag: `W/"${hash}"`
  }
  return { bytes, zipped: existsSync(zip) ? await readFile(zip) : undefined, headers }
}

/** Browsers ask each time whether a file has changed, so that page and server are of one version. */
async function sendFile ({ bytes, zipped, headers }: PageFile, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.headers(headers)
  if (isKnown(request.headers['if-none-match'], headers['etag']!)) return await reply.code(304).send()
  if (!zipped || request.accepts().encoding(['gzip', 'identity']) !== 'gzip') return await reply.send(bytes)
  return await reply.header('content-encoding', 'gzip').send(zipped)
}

/** Proxies may have made a weak tag strong, or the other way round. */
function isKnown (given: string | undefined, etag: string): boolean {
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '')
  return given?.split(',').some(tag => opaque(tag) === opaque(etag) || tag.trim() === '*') ?? false
}
