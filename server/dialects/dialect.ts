import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiError } from '../errors.ts'
import type { ErrorReply } from '../plugins/errors.ts'
import type { Service } from '../recognize.ts'
import type { DialectName } from '../dialect-names.ts'

/** A protocol of another server, under its own path prefix. */
export interface Dialect {
  /** Its name in the log, the metrics and DIALECTS. */
  readonly name: DialectName
  /** Path prefix of its routes; empty for the root. */
  readonly prefix: string
  /** Adds its routes to a scope with the prefix. */
  readonly routes: (scope: FastifyInstance, service: Service) => void
  /** Writes an error as its clients expect it. */
  readonly toError: (failure: ApiError) => ErrorReply
  /** Reads the key of a request, if clients don't send it in the headers `authorization` (Bearer) or `x-api-key`. */
  readonly keyOf?: (request: FastifyRequest) => string | undefined | Promise<string | undefined>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The protocol of the route; our own API if omitted. */
    dialect?: DialectName
  }
}
