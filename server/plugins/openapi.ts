import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

const BINARY = { type: 'string', format: 'binary' }
const IMAGE_BODY = {
  content: {
    'image/*': { schema: BINARY },
    'application/octet-stream': { schema: BINARY },
    'multipart/form-data': { schema: { type: 'object', properties: { image: BINARY }, required: ['image'] } }
  }
}

/** Zod describes queries and replies; bodies that are images (`task` in a route's config) it can't. */
const withImageBody: typeof jsonSchemaTransform = input => {
  const { schema, url } = jsonSchemaTransform(input)
  return { schema: input.route.config?.task ? { ...schema, body: IMAGE_BODY } : schema, url }
}

/** GET /openapi.json, and pages to try the API with at /docs. Registered before the routes: it collects their schemas. */
export const openapi = fp<{ version: string }>(async (app, { version }) => {
  await app.register(swagger, {
    openapi: { info: { title: 'nanodet-server', description: 'Object detection over HTTP', version } },
    transform: withImageBody
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}, { name: 'openapi', fastify: '5.x' })
