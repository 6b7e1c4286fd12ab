/** A process's first runs are slow: code is compiled, memory is allocated. Later models need fewer runs. */
const FIRST_RUNS = 2
const LATER_RUNS = 1

const warm = new Set<string>()

/** Runs a pipeline until it is warm. @param kind pipelines of one kind share their code */
export async function warmUp (run: () => Promise<unknown>, kind = 'detect'): Promise<void> {
  const runs = warm.has(kind) ? LATER_RUNS : FIRST_RUNS
  for (let i = 0; i < runs; i++) await run()
  warm.add(kind)
}
