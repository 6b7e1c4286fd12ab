import { Batch, type RunNetwork } from './batch.ts'

/** A process's first runs are slow: code is compiled, memory is allocated. Later models need fewer runs. */
const FIRST_RUNS = 2
const LATER_RUNS = 1

const warm = new Set<string>()

/** Runs every size of a batch once: execution providers may prepare each. @param job does one job of a batch */
export async function warmUpBatches (job: (run: RunNetwork) => Promise<unknown>, maxBatch = 1): Promise<void> {
  for (let size = 2; size <= maxBatch; size++) {
    const batch = new Batch(size)
    await Promise.all(Array.from({ length: size }, () => batch.join(job)))
  }
}

/** Runs a pipeline until it is warm. @param kind pipelines of one kind share their code */
export async function warmUp (run: () => Promise<unknown>, kind = 'detect'): Promise<void> {
  const runs = warm.has(kind) ? LATER_RUNS : FIRST_RUNS
  for (let i = 0; i < runs; i++) await run()
  warm.add(kind)
}
