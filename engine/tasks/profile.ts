import type { Profiler } from '../profile/profiler.ts'
import type { ProfileInput, ProfileOutput } from '../profile/report.ts'
import { detect } from './detect.ts'
import type { PreparedDetector } from './detect-pipeline.ts'
import type { Task } from './task.ts'

/** Measures the time of each layer in the network that detects. */
export const profile: Task<PreparedDetector, Profiler, ProfileInput, ProfileOutput> = {
  name: 'profile',
  supports: detect.supports,
  prepare: detect.prepare,
  async build (prepared, { threads }) {
    const { Profiler } = await import('../profile/profiler.ts')
    return new Profiler(prepared, threads)
  },
  run: (profiler, input) => profiler.profile(input),
  async release () {}
}
