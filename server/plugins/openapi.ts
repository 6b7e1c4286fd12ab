import swagger from '@fastify/swagger'
import fp from 'fastify-plugin'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { requestBody } from '../openapi/request-body.ts'

export interface OpenapiOptions {
  readonly version: string
  /** Whether clients need a key. */
  readonly hasKeys: boolean
}

const TAGS = [
  { name: 'Images', description: 'Detection, classification and feature maps' },
  { name: 'Models', description: 'Served models and their layers' },
  { name: 'Operation', description: 'Health and metrics, for operators' }
]
const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A key of API_KEYS or ADMIN_KEYS' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The same key in the header x-api-key' }
} as const
const WITH_KEY = [{ bearer: [] }, { apiKey: [] }]

/** Collects the schemas of routes registered after it: `app.swagger()` is the API's description. */
export const openapi = fp<OpenapiOptions>(async (app, { version, hasKeys }) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'nanodet-server',
        description: 'Object detection over HTTP',
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as { name: string }
      },
      servers: [{ url: '/' }],
      tags: TAGS,
      security: hasKeys ? WITH_KEY : [],
      components: { securitySchemes: SECURITY_SCHEMES }
    },
    transform: describeRoute,
    transformObject: withUsedSchemas
  })
}, { name: 'openapi', fastify: '5.x' })

type Properties = Parameters<typeof requestBody>[0]

/** Zod describes queries and replies, but not the bodies of image routes (`task` in their config). */
const describeRoute: typeof jsonSchemaTransform = input => {
  if (input.route.config?.dialect) return { schema: { hide: true }, url: input.url } // docs/clients.md describes them
  const { schema, url } = jsonSchemaTransform(input)
  const { task, admin, keys } = input.route.config ?? {}
  const querystring = withDefaults(schema.querystring as { properties?: Properties } | undefined, input.schema.querystring)
  const security = admin ? WITH_KEY : keys === 'none' || url.startsWith('/health/') ? [] : undefined
  const body = task && requestBody(querystring?.properties ?? {}, url === '/detect')
  return { schema: { ...schema, ...(querystring && { querystring }), ...(security && { security }), ...(body && { body }) }, url }
}

/** Zod omits the defaults of converted parameters; parsing an empty object reveals them. */
function withDefaults (described: { properties?: Properties } | undefined, schema: unknown) {
  if (!(schema instanceof z.ZodObject) || !described?.properties) return described
  const defaults = schema.parse({})
  const properties = Object.entries(described.properties).map(([name, property]) =>
    [name, { ...property, ...(defaults[name] !== undefined && { default: defaults[name] }) }] as const)
  return { ...described, properties: Object.fromEntries(properties) }
}

/** Named schemas appear twice, as input and as output: unreferenced ones are removed. */
const withUsedSchemas: typeof jsonSchemaTransformObject = input => {
  const document = jsonSchemaTransformObject(input) as { components: { schemas: Record<string, unknown> }, paths: unknown }
  const { schemas } = document.components
  const used = new Set(refsIn(document.paths))
  for (const name of used) for (const other of refsIn(schemas[name])) used.add(other)
  const kept = Object.entries(schemas).filter(([name]) => used.has(name))
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(kept) } } as never
}

const refsIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!)
