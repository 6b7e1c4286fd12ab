import fp from 'fastify-plugin'

/** Records the methods of each path, for 405 replies. Registered before the routes. */
export const routeTable = fp(async app => {
  const routes: Array<{ readonly pattern: RegExp, readonly methods: readonly string[] }> = []
  app.addHook('onRoute', ({ url, method }) => { routes.push({ pattern: patternOf(url), methods: [method].flat() }) })
  app.decorate('methodsOf', path =>
    [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))].filter(method => method !== 'HEAD'))
}, { name: 'route-table', fastify: '5.x' })

/** Fastify's `/models/:name` and `/docs/*` as a regular expression. */
function patternOf (url: string): RegExp {
  const parts = url.split('/').map(part => part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : part.replace(/[^\w-]/g, '\\$&'))
  return new RegExp(`^${parts.join('/')}$`)
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods of a path, except HEAD. */
    methodsOf: (path: string) => string[]
  }
}
