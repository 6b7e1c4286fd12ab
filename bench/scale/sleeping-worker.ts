/** A worker's program for load tests: it receives jobs as a worker does, but sleeps instead of computing. Argument: milliseconds. */
import { setTimeout as sleep } from 'node:timers/promises'
import { answerParent } from '../../engine/processes/child.ts'
import type { DetectOutput } from '../../engine/results.ts'

const ms = Number(process.argv[2])
/** As many as in an ordinary photo. */
const objects = [0, 1, 2, 3, 4].map(i => ({ label: 'person', classId: 0, score: 0.9 - i / 10, box: [i, 10.25, 100.5 + i, 200.125] as const }))
const output: DetectOutput = {
  image: { format: 'jpeg', width: 640, height: 480, channels: 3 },
  objects,
  times: { decode: 0, preprocess: 0, inference: ms, postprocess: 0, total: ms }
} as unknown as DetectOutput

answerParent({
  async load (): Promise<null> { return null },
  async unload (): Promise<null> { return null },
  async run (): Promise<DetectOutput> {
    await sleep(ms)
    return output
  }
})
