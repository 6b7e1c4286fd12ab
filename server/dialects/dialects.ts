import type { FastifyInstance } from 'fastify'
import type { AnswerAt } from '../client-errors.ts'
import type { Config } from '../config.ts'
import { answerErrors } from '../plugins/errors.ts'
import { givenKey } from '../plugins/access.ts'
import type { Service } from '../recognize.ts'
import { aws } from './aws/aws.ts'
import { deepstack } from './deepstack/deepstack.ts'
import type { Dialect } from './dialect.ts'
import { doods } from './doods/doods.ts'
import { huggingface } from './huggingface.ts'
import { kserve } from './kserve/kserve.ts'
import { labelStudio } from './label-studio/label-studio.ts'
import { nuclio } from './nuclio.ts'
import { roboflow } from './roboflow/roboflow.ts'
import { sagemaker } from './sagemaker.ts'
import { zoneminder } from './zoneminder/zoneminder.ts'

/** A new dialect is one file, and a line here and in server/dialect-names.ts. */
export const DIALECTS: readonly Dialect[] = [
  deepstack,
  kserve,
  zoneminder,
  doods,
  roboflow,
  huggingface,
  aws,
  labelStudio,
  nuclio,
  sagemaker
]

const isOn = ({ DIALECTS: wanted }: Pick<Config, 'DIALECTS'>) => ({ name }: Dialect): boolean =>
  wanted.includes('*') || (wanted as readonly string[]).includes(name)

/** Writes errors that occur before any scope: in the form of the dialect that owns the path, otherwise of our own API. */
export const answerAt = (config: Pick<Config, 'DIALECTS'>): AnswerAt => (path, failure) => {
  const dialect = DIALECTS.filter(isOn(config)).find(({ prefix }) => prefix !== '' && path.startsWith(`${prefix}/`))
  return dialect?.toError(failure) ?? { status: failure.statusCode, body: failure.toJSON() }
}

/** Registers the enabled dialects, each in its own scope with its own errors, keys and unknown paths. */
export async function registerDialects (app: FastifyInstance, service: Service, config: Pick<Config, 'DIALECTS'>): Promise<void> {
  for (const dialect of DIALECTS.filter(isOn(config))) {
    await app.register(async scope => registerDialect(scope, service, dialect), { prefix: dialect.prefix })
  }
}

function registerDialect (scope: FastifyInstance, service: Service, { name, prefix, routes, toError, keyOf }: Dialect): void {
  scope.addHook('onRoute', route => { route.config = { ...(keyOf && { keys: 'own' }), ...route.config, dialect: name } })
  if (keyOf) {
    scope.addHook('preHandler', async request => {
      if (request.routeOptions.config.keys === 'own') await scope.checkKey(request, givenKey(request) || await keyOf(request))
    })
  }
  scope.addHook('onRequest', async ({ is404, routeOptions }) => { if (is404) routeOptions.config.dialect = name })
  answerErrors(scope, toError, { unknownPaths: prefix !== '' })
  routes(scope, service)
}
