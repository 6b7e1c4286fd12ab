import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { CommandError } from '../../cli/errors.ts'
import type { Size } from '../../head/decode/boxes.ts'
import type { Peer } from './peer.ts'

/** ncnn's benchncnn, or a program with its arguments and output. */
export interface Ncnn {
  readonly program: string
  /** The network in ncnn's format. benchncnn needs no weights: it runs on zeros. */
  readonly param: string
  readonly input: Size
  /** Runs per turn. */
  readonly loops: number
}

const RESULT = /min =\s*[\d.]+\s+max =\s*[\d.]+\s+avg =\s*([\d.]+)/g

/** Runs benchncnn on one thread of the CPU, without pauses, once per turn. Its times are by the clock. */
export const ncnnPeer = (ncnn: Ncnn): Peer => ({
  ready: { versions: {} },
  turn: async () => ({ network: readAverage(await run(ncnn)) }),
  close: async () => {}
})

/** Arguments: loops, threads, powersave, GPU, cooling down, then the network. */
async function run ({ program, param, input: { width, height }, loops }: Ncnn): Promise<string> {
  const args = [String(loops), '1', '0', '-1', '0', `param=${param}`, `shape=[${width},${height},3]`]
  const result = await promisify(execFile)(program, args).catch((error: Error & { stderr?: string }) => {
    throw new CommandError(error.stderr?.trim().split('\n').at(-1) || error.message, { cause: error })
  })
  return result.stdout + result.stderr
}

/** Of the only result. @throws CommandError unless there is exactly one */
export function readAverage (output: string): number {
  const [result, ...more] = output.matchAll(RESULT)
  if (result && more.length === 0) return Number(result[1])
  throw new CommandError(`expected one line with "min = … max = … avg = …", found ${result ? more.length + 1 : 'none'}`)
}
