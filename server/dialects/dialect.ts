import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiError } from '../errors.ts'
import type { ErrorReply } from '../plugins/errors.ts'
import type { Service } from '../recognize.ts'
import type { DialectName } from '../dialect-names.ts'

/** A protocol of another server, spoken below a path of its own. */
export interface Dialect {
  /** What the log, the metrics and DIALECTS call it. */
  readonly name: DialectName
  /** Where its routes are; empty at the root. */
  readonly prefix: string
  /** Adds its routes to a scope, whose paths begin with `prefix`. */
  readonly routes: (scope: FastifyInstance, service: Service) => void
  /** How its clients expect an error. */
  readonly toError: (failure: ApiError) => ErrorReply
  /** The key of a request, where its clients send it elsewhere than in the headers `authorization` (Bearer) and `x-api-key`. */
  readonly keyOf?: (request: FastifyRequest) => string | undefined | Promise<string | undefined>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The protocol that the route speaks; our own where it is left out. */
    dialect?: DialectName
  }
}
