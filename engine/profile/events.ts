/** An operator in one run. */
export interface OperatorTime {
  /** The runtime's name of it. */
  readonly name: string
  readonly op: string
  readonly ms: number
}

/** An event in Chrome's trace format, which the runtime writes. `dur` is in microseconds. */
interface Event { readonly cat: string, readonly name: string, readonly dur: number, readonly args: { readonly op_name?: string } }

const KERNEL = '_kernel_time'

/** The operators of each run, in the order that they ran. @param json the runtime's file: a run follows its operators */
export function readRuns (json: string): OperatorTime[][] {
  const runs: OperatorTime[][] = []
  let run: OperatorTime[] = []
  for (const { cat, name, dur, args } of JSON.parse(json) as Event[]) {
    if (cat === 'Node' && name.endsWith(KERNEL)) run.push({ name: name.slice(0, -KERNEL.length), op: args.op_name!, ms: dur / 1000 })
    if (name !== 'model_run') continue
    runs.push(run)
    run = []
  }
  return runs
}
