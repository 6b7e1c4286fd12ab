import { cwd } from 'node:process'
import { openStore } from '../../bulk/outputs/open-store.ts'
import { droppingPolicy } from '../../bulk/queue/redis.ts'
import { planRun, type Planned, type PlanOptions } from '../../bulk/queue/plan-run.ts'
import { runId } from '../../bulk/queue/queued-run.ts'
import { runOf, type Run } from '../../bulk/run/run-file.ts'
import { specOf } from '../../bulk/run/spec-of.ts'
import { openSources } from '../../bulk/sources/open-sources.ts'
import { namesIn } from '../../models/names.ts'
import { checkAnnotations } from '../annotations.ts'
import { absoluteItems, absoluteOut } from '../bulk/absolute.ts'
import { PLAN_OPTIONS, SOURCES } from '../bulk/options.ts'
import { plannedJson, plannedText } from '../bulk/texts.ts'
import { withQueue } from '../bulk/with-queue.ts'
import { command, type Request } from '../command.ts'
import { DECODE_OPTIONS, toDecodeOptions } from '../decode-options.ts'
import type { Io } from '../io.ts'
import { OUTPUT_OPTIONS } from '../options.ts'
import { findArtifact, MODEL_OPTIONS, PRECISION_OPTION } from '../target.ts'

const OPTIONS = { ...PLAN_OPTIONS, ...MODEL_OPTIONS, ...PRECISION_OPTION, ...DECODE_OPTIONS, ...OUTPUT_OPTIONS } as const
type Options = Request<typeof OPTIONS, unknown>['options']

/** Lists images and puts them into a queue, as shards. */
export const bulkPlan = command({
  name: 'bulk plan',
  summary: 'List images and put them into a queue for many machines',
  args: SOURCES,
  options: OPTIONS,
  details: 'REDIS_URL names the Redis or Valkey server: redis://HOST:PORT, or rediss://USER:PASSWORD@HOST:PORT for TLS. ' +
    'Sources are as for nanodet detect; all machines read them under the same paths. OUT/manifest.jsonl lists the images.\n\n' +
    'After an interruption, run the same command again: it completes the plan, and adds nothing twice.',
  examples: [
    'nanodet bulk plan /data/photos --out /data/found',
    'nanodet bulk plan s3://archive/2024/ --out s3://results/2024 --format parquet'
  ],
  async run ({ options, args }, io) {
    const run = await describeRun(options)
    await checkAnnotations(options, run.labels)
    const planned = await withQueue(options.queue, {}, async open => {
      const policy = await droppingPolicy(open.redis)
      if (policy !== undefined) io.stderr.write(`Warning: Redis has maxmemory-policy ${policy} and may drop jobs; set it to noeviction\n`)
      const planOptions = await optionsOf(args, options, run)
      return await planRun({ ...open, store: await openStore(planOptions.queued.out, planOptions.queued.s3) }, planOptions)
    })
    sayPlanned(planned, options, io)
  }
})

async function describeRun (options: Options): Promise<Run> {
  const artifact = await findArtifact(options)
  const { labels } = artifact.config
  const files = { draw: options.draw, crop: options.crop, features: namesIn(options.features ?? '') }
  return runOf(await specOf(artifact, toDecodeOptions(options, labels), files), labels)
}

async function optionsOf (sources: readonly string[], options: Options, run: Run): Promise<PlanOptions> {
  const { shardSize, format: formats = [], annotations, overwrite, replace, s3Endpoint: endpoint, s3PathStyle } = options
  const s3 = { endpoint, pathStyle: s3PathStyle || undefined }
  const out = absoluteOut(options.out, cwd())
  const { source } = await openSources(sources, { exclude: options.out, s3 })
  const queued: PlanOptions['queued'] = {
    id: runId(run.key, out),
    key: run.key,
    model: run.spec.model,
    out,
    s3,
    shardSize,
    formats,
    annotations: annotations && absoluteOut(annotations, cwd())
  }
  return { run, queued, overwrite, replace, items: () => absoluteItems(source.items(), sources, cwd()) }
}

function sayPlanned (planned: Planned, { json, quiet }: Options, io: Io): void {
  io.stdout.write(json ? plannedJson(planned) : plannedText(planned))
  if (!planned.hadManifest || quiet) return
  io.stderr.write(`${planned.queued.out}/manifest.jsonl was there: its images are the run's; --overwrite lists them again\n`)
}
