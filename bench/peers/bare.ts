/** A peer as a process: the bare pipeline, `FOLDER PRECISION`. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { MAX_PIXELS } from '../../cli/run-model.ts'
import { DEFAULT_OPTIONS } from '../../engine/options.ts'
import { Session } from '../../engine/session.ts'
import { Steps } from '../../engine/steps.ts'
import type { Precision } from '../../models/calibration-table.ts'
import { OUTPUT_NAME } from '../../models/tensor-names.ts'
import { FILES, readSetup } from './setup.ts'
import { answerTurns, cpuStopwatch } from './turns.ts'

const [folder, precision] = process.argv.slice(2) as [string, Precision]
const setup = await readSetup(folder)
const steps = new Steps(setup.config)
const session = await Session.create(await readFile(join(folder, FILES.compiled(precision))), 1)
const { sharp: version, vips } = sharp.versions

await answerTurns(setup, { versions: { sharp: version, libvips: vips } }, async bytes => {
  const clock = cpuStopwatch()
  const prepared = await steps.preprocess({ bytes, maxPixels: MAX_PIXELS })
  const preprocess = clock()
  const outputs = await session.run(prepared.picture)
  const network = clock()
  steps.postprocess(outputs[OUTPUT_NAME]!.data, prepared, DEFAULT_OPTIONS)
  return { preprocess, network, boxes: clock() }
})
