/**
 * A peer as a process: the plain export in onnxruntime, with our decoding, `FOLDER`. Before it is ready, it writes the input and the
 * predictions of the first photo, for peers to compare theirs with.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { MAX_PIXELS } from '../../cli/run-model.ts'
import { Steps } from '../../engine/steps.ts'
import { normalized } from './normalized.ts'
import type { Parts } from './peer.ts'
import { FILES, readSetup } from './setup.ts'
import { answerTurns, cpuStopwatch } from './turns.ts'

const [folder] = process.argv.slice(2) as [string]
const setup = await readSetup(folder)
const { config, padded: { width, height }, photos: [first] } = setup
const steps = new Steps(config)
const session = await InferenceSession.create(join(folder, FILES.plain), {
  executionMode: 'sequential', intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3
})

const { input, predictions } = await run(await readFile(first!.path))
await writeFile(join(folder, FILES.input), input)
await writeFile(join(folder, FILES.predictions), predictions)
await answerTurns(setup, { versions: {} }, async bytes => (await run(bytes)).parts)

async function run (bytes: Uint8Array): Promise<{ parts: Parts, input: Float32Array, predictions: Float32Array }> {
  const clock = cpuStopwatch()
  const { picture } = await steps.preprocess({ bytes, maxPixels: MAX_PIXELS })
  const preprocess = clock()
  const input = normalized(picture, setup)
  const normalize = clock()
  const { output } = await session.run({ data: new Tensor('float32', input, [1, 3, height, width]) })
  return { parts: { preprocess, normalize, network: clock() }, input, predictions: output!.data as Float32Array }
}
