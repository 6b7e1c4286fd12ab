import t from 'tap'
import { isOfRedis, isRefusal, problemOf, redisUrl, shownUrl } from '../../../bulk/queue/redis-url.ts'

t.test('REDIS_URL is required, and never shown', async t => {
  t.equal(redisUrl({ REDIS_URL: 'rediss://user:secret@redis.example.com:6380/1' }), 'rediss://user:secret@redis.example.com:6380/1')
  t.throws(() => redisUrl({}), { name: 'RedisError', message: /^REDIS_URL is not set/ })
  for (const url of ['http://:secret@host', 'secret', 'redis://:secret@ho st']) {
    t.throws(() => redisUrl({ REDIS_URL: url }), { name: 'RedisError', message: /its value is not shown/ })
    try { redisUrl({ REDIS_URL: url }) } catch (error) { t.notMatch((error as Error).stack, 'secret') }
  }
  t.equal(shownUrl('rediss://user:secret@redis.example.com:6380/1'), 'rediss://redis.example.com:6380/1')
  t.equal(shownUrl('redis://:secret@127.0.0.1:6379'), 'redis://127.0.0.1:6379')
})

t.test('errors are one line', async t => {
  t.equal(problemOf(new Error('first\nsecond')), 'first')
  t.equal(problemOf(Object.assign(new Error(''), { code: 'ECONNREFUSED' })), 'ECONNREFUSED')
  t.equal(problemOf({}), 'unknown error')
  t.ok(isRefusal(new Error('WRONGPASS invalid username-password pair or user is disabled.')))
  t.ok(isRefusal(new Error('NOAUTH Authentication required.')))
  for (const error of [{ name: 'ReplyError' }, { code: 'ECONNRESET' }, { code: 'EPIPE' }, { message: 'Connection is closed.' }]) t.ok(isOfRedis(error))
  t.notOk(isOfRedis(new Error('ENOSPC')))
  t.notOk(isRefusal(new Error('connect ECONNREFUSED 127.0.0.1:6379')))
})
