/** A child process for tests of the protocol: answers, fails, hangs, dies and grows on demand. */
import { writeSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { CHANNEL_FD } from '../../engine/processes/channel.ts'
import { answerParent } from '../../engine/processes/child.ts'
import { ImageError } from '../../engine/errors.ts'

const held: Buffer[] = []

const calls = {
  async echo (value: unknown, body: readonly Uint8Array[]) { return { value, pieces: body.length, body } },
  async add ([a, b]: [number, number]) { return a + b },
  async environment () { return { ...process.env } },
  async fail () { throw new ImageError({ code: 'CORRUPT_IMAGE', format: 'jpeg' }, { cause: 'marker missing' }) },
  async hang () { for (;;); },
  async abort () {
    process.stderr.write('terminate called\n')
    process.abort()
  },
  /** Sends an invalid message and keeps running. */
  async babble () {
    writeSync(CHANNEL_FD, Buffer.alloc(100, 0xff))
    await new Promise(() => {})
  },
  /** Bytes in use after a garbage collection. */
  async heap () {
    setFlagsFromString('--expose-gc')
    runInNewContext('gc')()
    return process.memoryUsage().heapUsed
  },
  async grow (bytes: number) { held.push(Buffer.alloc(bytes, 1)) }
}

export type TestCalls = typeof calls

answerParent(calls)
