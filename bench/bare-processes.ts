import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { CommandError } from '../cli/errors.ts'
import type { Photo } from '../cli/load/photos.ts'
import { rotated } from '../cli/compare.ts'
import { detect } from '../engine/tasks/detect.ts'
import type { DetectorModel } from '../models/model.ts'
import type { Throughput } from './bare-pipeline.ts'

export interface BareOptions {
  readonly model: DetectorModel
  /** Threads that share one run of the network. */
  readonly threads: number
  readonly photos: readonly Photo[]
}

const MAIN = fileURLToPath(new URL('./bare-process.js', import.meta.url))

/** Bare pipelines that run at once, each in its own process, as the server's workers do. */
export class BareProcesses {
  readonly #children: readonly ChildProcess[]

  private constructor (children: readonly ChildProcess[]) { this.#children = children }

  /** Starts them, each with another photo first, and waits until all are ready. @throws CommandError if one ends */
  static async start (count: number, { model, threads, photos }: BareOptions): Promise<BareProcesses> {
    const paths = photos.map(({ path }) => path)
    const compiled = await detect.prepare(model)
    const children = Array.from({ length: count }, (_, i) =>
      fork(MAIN, [String(threads), ...rotated(paths, Math.floor(i * paths.length / count))], { serialization: 'advanced' }))
    for (const child of children) child.send({ ...compiled })
    const processes = new BareProcesses(children)
    await Promise.all(children.map(nextMessage)).catch(error => { processes.close(); throw error })
    return processes
  }

  /** Runs all of them at once for a while. @returns total photos per second @throws CommandError if one ends */
  async run (seconds: number): Promise<number> {
    const results = await Promise.all(this.#children.map(child => {
      child.send(seconds)
      return nextMessage(child) as Promise<Throughput>
    }))
    return results.reduce((sum, { photos, seconds }) => sum + photos / seconds, 0)
  }

  close (): void { for (const child of this.#children) child.kill('SIGKILL') }
}

async function nextMessage (child: ChildProcess): Promise<unknown> {
  const gone = new AbortController()
  const ended = once(child, 'exit', { signal: gone.signal }).then(([code, signal]) => {
    throw new CommandError(`A bare pipeline ended: ${signal ?? `exit code ${code}`}`)
  })
  const message = once(child, 'message', { signal: gone.signal })
  return await Promise.race([message, ended]).then(([result]) => result).finally(() => gone.abort())
}
