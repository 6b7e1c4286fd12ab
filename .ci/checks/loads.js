/**
 * Loads and unloads models without pause while four clients detect: what it does to their latency, and to the main process's event loop.
 * Both are measured in one run, in turn with quiet phases.
 */
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runLoadInThread } from '../../dist/cli/load/load.js'
import { startServer } from '../../dist/cli/load/server-process.js'
import { median } from '../../dist/engine/numbers.js'

const PHASES = 5
/** The longest request of a phase is a noisy measure: where a limit is exceeded, more phases decide, together with those before. */
const MAX_ROUNDS = 3
const SECONDS = 6
const CLIENTS = 4
const MAX_P50_RATIO = 1.3
const MAX_LONGEST_RATIO = 2
const MAX_LOOP_DELAY_MS = 20
/** What else the machine does delays the loop, with or without loads. */
const MAX_LOOP_RATIO = 1.5
/** prom-client's timer, which is part of what it measures. */
const TIMER_MS = 10

const folder = mkdtempSync(join(tmpdir(), 'loads-'))
const NAME = 'other'
writeFileSync(join(folder, `${NAME}.json`), JSON.stringify({
  task: 'detect',
  backbone: { name: 'shufflenetv2', width: '1.0x' },
  neck: { name: 'pan', out_channels: 96 },
  head: { name: 'nanodet-head' },
  input: { width: 416, height: 416 },
  labels: 'coco'
}))
symlinkSync(resolve('dist/weights/nanodet-m-416.safetensors'), join(folder, `${NAME}.safetensors`))
const server = await startServer({ WORKERS: '2', MODELS_DIR: folder, ADMIN_KEYS: 'admin', REQUEST_TIMEOUT: '30000' })
const photo = readFileSync('node_modules/nanodet-m-416-tfjs/assets/sample-me.jpg')

async function phase () {
  await loopDelay() // starts anew with every scrape
  const images = { photo: [photo], garbage: [], truncated: [], huge: [] }
  const { outcomes } = await runLoadInThread({ base: server.base, images, mix: 'photos', pace: { clients: CLIENTS }, seconds: SECONDS })
  const failed = outcomes.filter(({ status }) => status !== 200)
  if (failed.length > 0) throw new Error(`${failed.length} of ${outcomes.length} requests failed: ${JSON.stringify(failed[0])}`)
  const times = outcomes.map(({ ms }) => ms)
  return { p50: median(times), longest: Math.max(...times), loop: await loopDelay(), requests: times.length }
}

async function loopDelay () {
  const metrics = await (await fetch(`${server.base}/metrics`)).text()
  return Number(/^nodejs_eventloop_lag_p99_seconds (.+)$/m.exec(metrics)[1]) * 1000 - TIMER_MS
}

async function withLoads (work) {
  const over = new AbortController()
  let loads = 0
  const post = async action => {
    const reply = await fetch(`${server.base}/models/${NAME}/${action}`, { method: 'POST', headers: { 'x-api-key': 'admin' } })
    if (reply.status !== 200) throw new Error(`${action}: ${reply.status} ${await reply.text()}`)
  }
  const loading = (async () => {
    for (; !over.signal.aborted; loads++) {
      await post('load')
      await post('unload')
    }
  })()
  loading.catch(() => {}) // it is awaited below
  const result = await work()
  over.abort()
  await loading
  return { ...result, loads }
}

/** Prints the medians. @returns which limit is exceeded, if any */
function judge (quiet, busy) {
  const of = (phases, name) => median(phases.map(phase => phase[name]))
  const ratio = name => median(quiet.map((phase, i) => busy[i][name] / phase[name]))
  console.log(`${busy.reduce((sum, { loads }) => sum + loads, 0)} loads in ${busy.length * SECONDS} s`)
  for (const name of ['p50', 'longest', 'loop']) {
    console.log(`${name}: ${of(quiet, name).toFixed(1)} ms quiet, ${of(busy, name).toFixed(1)} ms with loads, ratio ${ratio(name).toFixed(2)}`)
  }
  if (ratio('p50') > MAX_P50_RATIO) return `p50 grows by more than ${MAX_P50_RATIO} ×`
  if (ratio('longest') > MAX_LONGEST_RATIO) return `the longest request grows by more than ${MAX_LONGEST_RATIO} ×`
  const isDelayed = of(busy, 'loop') > MAX_LOOP_DELAY_MS && ratio('loop') > MAX_LOOP_RATIO
  if (isDelayed) return `the event loop is delayed by more than ${MAX_LOOP_DELAY_MS} ms`
}

try {
  await phase() // warms up
  const quiet = []
  const busy = []
  let problem
  for (let round = 0; round === 0 || (problem && round < MAX_ROUNDS); round++) {
    for (let i = 0; i < PHASES; i++) {
      quiet.push(await phase())
      busy.push(await withLoads(phase))
      await sleep(200)
    }
    problem = judge(quiet, busy)
  }
  if (problem) throw new Error(problem)
} finally {
  await server.end()
  rmSync(folder, { recursive: true })
}
