/**
 * The machine's speed at this moment. Checks run beside each other, on machines of any speed: a limit in seconds would measure those. So
 * what a check may take is a multiple of the CPU time of a forward pass just before and after it.
 */
import { Session } from '../dist/engine/session.js'
import { builtInArtifacts } from '../dist/models/artifact.js'
import { compileModel, readModel } from '../dist/models/kinds/kinds.js'

const WARM_UP = 5
const PASSES = 50

/**
 * Calls `work` between two measurements, and prints what it took.
 * @param work returns `seconds` of CPU time among other things
 * @param limit in forward passes, at least twice what is normal
 * @throws if it took more than that on the slower of the two moments
 */
export async function withinPasses (limit, work) {
  const before = await passSeconds()
  const result = await work()
  const pass = Math.max(before, await passSeconds())
  const passes = result.seconds / pass
  console.log(`${result.seconds.toFixed(1)} s of CPU time: ${passes.toFixed(0)} forward passes of ${(1000 * pass).toFixed(1)} ms`)
  if (!(passes <= limit)) throw new Error(`it took the CPU time of ${passes.toFixed(0)} forward passes, more than ${limit}`)
  return result
}

/** @returns CPU seconds of a forward pass of nanodet-m-416 in fp32 on one thread */
async function passSeconds () {
  const model = await readModel(builtInArtifacts('fp32')[0])
  const { width, height } = model.config.input
  const picture = { width, height, pixels: new Uint8Array(width * height * 3), padded: { width, height } }
  const session = await Session.create(compileModel(model), 1)
  for (let i = 0; i < WARM_UP; i++) await session.run(picture)
  const start = process.cpuUsage()
  for (let i = 0; i < PASSES; i++) await session.run(picture)
  const { user, system } = process.cpuUsage(start)
  await session.release()
  return (user + system) / 1e6 / PASSES
}
