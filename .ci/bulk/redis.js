/** A redis-server of its own, on a free port, for checks. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

export async function freePort () {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

export class RedisServer {
  constructor (folder, port, password) {
    this.args = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction']
    if (password) this.args.push('--requirepass', password)
    this.port = port
    this.url = password ? `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}` : `redis://127.0.0.1:${port}`
  }

  static async start (folder, password) {
    const server = new RedisServer(folder, await freePort(), password)
    await server.start()
    return server
  }

  async start () {
    this.process = spawn('redis-server', this.args.map(String), { stdio: 'ignore' })
    this.client ??= new Redis(this.url, { maxRetriesPerRequest: null, retryStrategy: () => 100 })
    this.client.on('error', () => {})
    while (await this.client.ping().catch(() => '') !== 'PONG') await sleep(50)
  }

  async stop (signal = 'SIGTERM') {
    const ended = once(this.process, 'exit')
    this.process.kill(signal)
    await ended
  }

  async end () {
    this.client.disconnect()
    await this.stop('SIGKILL')
  }

  async usedMemory () { return Number(/used_memory:(\d+)/.exec(await this.client.info('memory'))[1]) }

  /** All that it keeps, as text. */
  async dump () {
    const parts = []
    for (const key of await this.client.keys('*')) {
      const type = await this.client.type(key)
      const value = {
        hash: () => this.client.hgetall(key),
        list: () => this.client.lrange(key, 0, -1),
        set: () => this.client.smembers(key),
        zset: () => this.client.zrange(key, 0, -1),
        stream: () => this.client.xrange(key, '-', '+'),
        string: () => this.client.get(key)
      }[type]
      parts.push(key, JSON.stringify(await value()))
    }
    return parts.join('\n')
  }
}
