import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'

/** Swagger UI runs its own scripts, sets styles, calls this server, and shows pictures in replies. */
const CONTENT_SECURITY_POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'form-action': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'"
}

/** GET /openapi.json, and /docs: pages to read and try the API. They need no key; their calls may. */
export const docs = fp(async app => {
  app.get('/openapi.json', { schema: { hide: true }, config: { keys: 'none' } }, async () => app.swagger())
  await app.register(async scope => {
    scope.addHook('onRoute', route => { route.config = { ...route.config, keys: 'none' } })
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      indexPrefix: '.', // relative, for proxies that strip a prefix
      staticCSP: CONTENT_SECURITY_POLICY,
      uiConfig: { tryItOutEnabled: true, displayRequestDuration: true }
    })
  })
}, { name: 'docs', fastify: '5.x', dependencies: ['openapi', 'access'] })
