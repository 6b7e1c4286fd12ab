/** What a machine needs to run the shards of a run: its output, the model and the images. */
import { FORMATS, type FormatName } from '../../bulk/formats/formats.ts'
import { openStore } from '../../bulk/outputs/open-store.ts'
import type { OutputStore } from '../../bulk/outputs/store.ts'
import { merge, type Merged } from '../../bulk/queue/merge.ts'
import { checkWritable, readOutput } from '../../bulk/queue/output.ts'
import { processShard, type RunItems } from '../../bulk/queue/process-shard.ts'
import type { QueuedRun } from '../../bulk/queue/queued-run.ts'
import type { Machinery } from '../../bulk/queue/shard-worker.ts'
import { ReadBuffer } from '../../bulk/read-buffer.ts'
import { runLanes } from '../../bulk/run/lanes.ts'
import { makeLine, type LineContext } from '../../bulk/run/make-line.ts'
import type { Run } from '../../bulk/run/run-file.ts'
import { LANES_PER_WORKER } from '../../bulk/run/run-images.ts'
import { RunModel } from '../../bulk/run/run-model.ts'
import { specOf } from '../../bulk/run/spec-of.ts'
import { runKey, type RunSpec } from '../../bulk/run-spec.ts'
import { openReader } from '../../bulk/sources/open-sources.ts'
import { ModelLoadError } from '../../engine/errors.ts'
import type { Artifact } from '../../models/artifact.ts'
import { CommandError } from '../errors.ts'
import { findArtifact, type Target } from '../target.ts'

export interface MachineOptions {
  /** Where this machine has the model; by default by the name that the plan has. */
  readonly target: Target
  readonly workers: number
  /** Unique among machines. */
  readonly id: string
}

/**
 * Makes this machine ready for a run.
 * @throws CommandError if it has another model than the plan, or can't load it; SourceError if it can't read or write the output
 */
export async function openMachinery (run: QueuedRun, { target, workers, id }: MachineOptions): Promise<Machinery> {
  const store = await openStore(run.out, run.s3)
  const ofOutput = await readOutput(store, run.key)
  await checkWritable(store, id)
  const model = await openModel(ofOutput.spec, target, workers)
  const context = { reader: openReader(run.s3), model, store }
  const runItems = lanesOf(context, LANES_PER_WORKER * workers)
  return {
    shard: async (job, options) => await processShard(job, { ...job, ...options, store, run: runItems }),
    merge: async () => await mergeRun(store, run, ofOutput),
    close: async () => { await Promise.all([model.close(), context.reader.close(), store.close()]) }
  }
}

function lanesOf (context: LineContext, lanes: number): RunItems {
  const buffers = Array.from({ length: lanes }, () => new ReadBuffer())
  return async (items, onLine, signal) => {
    await runLanes(items, { lanes, signal }, async (item, lane) => onLine((await makeLine(item, context, { buffer: buffers[lane]! }))!))
  }
}

async function mergeRun (store: OutputStore, { shardSize, formats, annotations }: QueuedRun, { labels }: Run): Promise<Merged> {
  const writers = formats.map(name => FORMATS[name as FormatName])
  return await merge({ store, shardSize, formats: writers, context: { labels, annotations } })
}

async function openModel (spec: RunSpec, target: Target, workers: number): Promise<RunModel> {
  const artifact = await findArtifact({ ...target, model: target.model ?? spec.model, precision: spec.precision })
  await checkSame(artifact, spec)
  return await RunModel.open(artifact, spec, { workers }).catch(error => {
    throw error instanceof ModelLoadError ? new CommandError(`${artifact.name}: ${error.reason}`, { cause: error }) : error
  })
}

/** Results of other weights under the same name would be mixed. */
async function checkSame (artifact: Artifact, spec: RunSpec): Promise<void> {
  const own = await specOf(artifact, spec, spec)
  if (runKey(own) === runKey(spec)) return
  const what = own.model === spec.model ? `other weights of ${spec.model}, or another version of nanodet` : `the model ${own.model}`
  throw new CommandError(`The run was planned with ${spec.model}; this machine has ${what}`)
}
