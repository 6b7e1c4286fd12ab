/** Opens the queue for a command. Tested by .ci/checks/bulk-queue.js. */
import { Board } from '../../bulk/queue/board.ts'
import { connect, type ConnectOptions, type Redis } from '../../bulk/queue/redis.ts'
import { isOfRedis, problemOf, RedisError, redisUrl, shownUrl } from '../../bulk/queue/redis-url.ts'
import { ShardQueue } from '../../bulk/queue/shard-queue.ts'
import { MissingPackageError, OtherRunError, SourceError } from '../../bulk/errors.ts'
import { ModelFileError } from '../../models/errors.ts'
import { CommandError } from '../errors.ts'

export interface OpenQueue { readonly redis: Redis, readonly queue: ShardQueue, readonly board: Board }

/** @throws CommandError, in one line without secrets */
export async function withQueue<T> (name: string, options: ConnectOptions, use: (open: OpenQueue) => Promise<T>): Promise<T> {
  try {
    const url = redisUrl(process.env)
    const redis = await connect(url, options)
    try {
      const queue = await ShardQueue.open(name, redis)
      return await use({ redis, queue, board: new Board(redis, name) })
    } catch (error) {
      throw isOfRedis(error) ? new RedisError(`Redis at ${shownUrl(url)}: ${problemOf(error)}`) : error
    } finally {
      redis.disconnect()
    }
  } catch (error) {
    throw isForUsers(error) ? new CommandError(error.message, { cause: error }) : error
  }
}

const isForUsers = (error: unknown): error is Error =>
  [RedisError, MissingPackageError, OtherRunError, SourceError, ModelFileError].some(kind => error instanceof kind)
