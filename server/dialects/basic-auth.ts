import type { FastifyRequest } from 'fastify'

/** The key in Basic authentication: the password, or the user name if the password is empty. */
export function basicKey ({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const encoded = /^Basic (\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':')
  return password.join(':') || user
}
