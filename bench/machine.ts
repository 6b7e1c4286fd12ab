import { createRequire } from 'node:module'
import { cpus, loadavg } from 'node:os'
import { availableCpus } from '../engine/cpu-quota.ts'
import { rounded } from '../engine/numbers.ts'

/** The machine of a measurement. Names are those of the JSON report. */
export interface Machine {
  readonly cpu: string
  /** Available to this process. */
  readonly cores: number
  readonly node: string
  readonly onnxruntime: string
  /** Load average of the minute before: the work of other programs. */
  readonly load_average: number
}

/** The machine that this runs on. */
export function readMachine (): Machine {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableCpus(),
    node: process.version,
    onnxruntime: version,
    load_average: rounded(loadavg()[0]!, 1)
  }
}

/** In a line. */
export function describeMachine ({ cpu, cores, node, onnxruntime, load_average: load }: Machine): string {
  return `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, Node ${node}, onnxruntime ${onnxruntime}, load average ${load} before`
}
