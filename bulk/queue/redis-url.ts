/** REDIS_URL: where the queue is. It may have a password, so it is never shown, nor are the texts of its errors. */

/** A wrong setting, or a Redis that refuses this client. The message is one line, without secrets. */
export class RedisError extends Error {
  override readonly name = 'RedisError'
}

/** @throws RedisError if it is not set, or not the address of a Redis server */
export function redisUrl (env: Readonly<Record<string, string | undefined>>): string {
  const text = env['REDIS_URL']
  if (!text) throw new RedisError('REDIS_URL is not set; expected redis://HOST:PORT, or rediss://USER:PASSWORD@HOST:PORT for TLS')
  if (!URL.canParse(text) || !/^rediss?:$/.test(new URL(text).protocol)) {
    throw new RedisError('REDIS_URL: expected redis://HOST:PORT or rediss://HOST:PORT; its value is not shown, since it may have a password')
  }
  return text
}

/** For messages: without user and password. */
export function shownUrl (url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}

/** What an error of the client says. The error itself has the arguments of its command, for example of AUTH. */
export function problemOf (error: unknown): string {
  const { message = '', code = '' } = error as { message?: string, code?: string }
  return message === '' ? code || 'unknown error' : message.split('\n')[0]!
}

/** Whether an error is of Redis or of the way to it: out of memory, a command that is not allowed, a connection that was lost. */
export const isOfRedis = (error: unknown): boolean => {
  const { name = '', code = '' } = error as { name?: string, code?: string }
  return name === 'ReplyError' || /^ECONN|^EPIPE$/.test(code) || /^Connection is closed/.test(problemOf(error))
}

/** Whether Redis refuses this client, now and later. */
export const isRefusal = (error: unknown): boolean => /^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid password|AUTH))/.test(problemOf(error))
