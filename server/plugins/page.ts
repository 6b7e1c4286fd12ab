import fastifyStatic from '@fastify/static'
import fp from 'fastify-plugin'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config.ts'

/** Made by server/page/bundle.ts. */
const FILES = fileURLToPath(new URL('../page/', import.meta.url))

/** The page runs its own script, calls this server, and shows photos from memory. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:", "connect-src 'self'",
  "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"
].join('; ')

const open = { schema: { hide: true }, config: { keys: 'none' } } as const

/** GET /: the page that shows and explains detections, and its files in /page/. Without it, / leads to /docs. */
export const page = fp<{ config: Pick<Config, 'NO_PAGE'> }>(async (app, { config }) => {
  if (config.NO_PAGE) {
    app.get('/', open, async (_, reply) => reply.redirect('docs'))
    return
  }
  await app.register(async scope => {
    await scope.register(fastifyStatic, { root: FILES, serve: false, preCompressed: true, maxAge: 0 })
    scope.addHook('onSend', async (_request, reply) => { reply.header('content-security-policy', CONTENT_SECURITY_POLICY) })
    scope.get('/', open, async (_, reply) => reply.sendFile('index.html'))
    for (const name of ['app.js', 'page.css', 'street.jpg']) scope.get(`/page/${name}`, open, async (_, reply) => reply.sendFile(name))
  })
}, { name: 'page', fastify: '5.x', dependencies: ['access'] })
