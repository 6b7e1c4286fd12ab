/** A worker's program for load tests: receives jobs as a worker does, but sleeps instead of running a network. Argument: milliseconds. */
import { setTimeout as sleep } from 'node:timers/promises'
import { answerParent } from '../../engine/processes/child.ts'
import type { DetectOutput } from '../../engine/results.ts'

const ms = Number(process.argv[2])
const person = { label: 'person', classId: 0, score: 0.75, box: [10, 20.5, 100.25, 200.125] } as const
const output: DetectOutput = {
  image: { format: 'jpeg', width: 640, height: 480, orientation: 1, pages: 1, space: 'srgb' },
  objects: [person, person, person],
  times: { decode: 0, preprocess: 0, inference: ms, postprocess: 0 }
}

answerParent({
  async load (): Promise<null> { return null },
  async unload (): Promise<null> { return null },
  async run (): Promise<DetectOutput> {
    await sleep(ms)
    return output
  }
})
