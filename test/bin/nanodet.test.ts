/** The program as a user runs it, with a model of three classes. */
import { once } from 'node:events'
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { NANODET, nanodet, start } from '../support/nanodet.ts'
import { ownModels } from '../support/own-models.ts'

/** Prints the CommonJS modules that a process has loaded when it ends. */
const LIST_MODULES = `data:text/javascript,${encodeURIComponent(`
  import { createRequire } from 'node:module'
  const { cache } = createRequire('file:///')
  process.on('exit', () => console.error(Object.keys(cache).join(' ')))
`)}`

t.test('every command takes a model of the user\'s', async t => {
  const { folder, photo } = ownModels(t)
  const small = ['--model', `${folder}/small.yml`]
  const weights = ['--model', `${folder}/small.yml`, '--weights', `${folder}/small.ckpt`]
  const byName = ['--model', 'small', '--models-dir', folder]
  const graph = ['--model', `${folder}/graph.onnx`]
  const calls: [argv: string[], reply: object][] = [
    [['detect', photo, ...small, '--json'], { model: 'small', image: { width: 700 } }],
    [['detect', photo, ...weights, '--json'], { model: 'small' }],
    [['detect', photo, ...graph, '--json'], { model: 'graph' }],
    [['classify', photo, '--model', `${folder}/kinds.json`, '--json'], { model: 'kinds', classes: Array }],
    [['features', photo, ...byName, '--format', 'json', '--json'], { model: 'small', layers: [{ alias: 'stage2' }, {}, {}] }],
    [['features', photo, ...graph, '--out', `${folder}/out`, '--json'], { model: 'graph', files: [`${folder}/out/me.features.npz`] }],
    [['summary', `${folder}/small.yml`, '--json'], { model: 'small', input: [1, 3, 64, 96] }],
    [['export', `${folder}/small.yml`, `${folder}/out.onnx`, '--json'], { model: 'small', form: 'end-to-end' }],
    [['bench', 'passes', photo, ...small, '--rounds', '1', '--json'], [{ name: 'none' }, { name: 'all' }]]
  ]
  for (const [argv, reply] of calls) {
    const { exitCode, stdout, stderr } = await nanodet(argv)
    t.same([exitCode, stderr], [0, ''], argv.join(' '))
    t.match(JSON.parse(stdout), reply, argv[0]!)
  }
})

t.test('a checkpoint without --model is read as nanodet-m-416', async t => {
  const { folder, photo } = ownModels(t)
  t.match(await nanodet(['detect', photo, '--weights', `${folder}/small.ckpt`]), {
    exitCode: 1, stdout: '', stderr: /^small\.ckpt: [^\n]*; read as nanodet-m-416: name its model with --model\n$/
  })
})

t.test('help, version and errors load neither native libraries nor the server', async t => {
  for (const argv of [['--version'], ['--help'], ['help'], ['detcet'], ['detect', '--help'], ['features', '--modle']]) {
    const { stderr } = await nanodet(argv, { NODE_OPTIONS: `--import=${LIST_MODULES}` })
    t.match(stderr, 'fastest-levenshtein')
    t.notMatch(stderr, /node_modules.(sharp|onnxruntime-node|fastify|pino).(?!package\.json)/, argv.join(' '))
  }
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  t.same(await nanodet(['-v']), { exitCode: 0, stdout: `${version}\n`, stderr: '' })
})

t.test('output that can\'t be written is one line', async t => {
  const full = openSync('/dev/full', 'w')
  t.teardown(() => closeSync(full))
  const { status, stderr } = spawnSync(process.execPath, [NANODET, '--help'], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' })
  t.same([status, stderr], [1, 'Output: ENOSPC: no space left on device, write\n'])
})

t.test('a reader of errors that has seen enough does not stop the results', async t => {
  const child = start(t, ['detect', 'a.jpg', 'b.jpg', 'c.jpg'])
  child.stderr.destroy()
  t.same(await once(child, 'exit'), [1, null])
})

t.test('a reader that has seen enough ends it quietly', async t => {
  const child = start(t, ['summary', '--depth', '9'])
  child.stdout.once('data', () => child.stdout.destroy())
  child.stderr.on('data', chunk => t.fail(String(chunk)))
  t.same(await once(child, 'close'), [0, null])
})

t.test('a signal is the exit code, and ends a server that the command started', async t => {
  const { photos } = ownModels(t)
  for (const [signal, code] of [['SIGTERM', 143], ['SIGINT', 130]] as const) {
    const child = start(t, ['tune', '--seconds', '600', '--images', photos])
    child.stderr.on('data', chunk => t.fail(String(chunk)))
    const server = await childOf(child.pid!)
    child.kill(signal)
    t.same(await once(child, 'close'), [code, null])
    while (isAlive(server)) await sleep(20)
  }
})

/** Waits until a process has started another. */
async function childOf (pid: number): Promise<number> {
  for (;;) {
    const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    if (first !== undefined) return Number(first)
    await sleep(20)
  }
}

function isAlive (pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2] !== 'Z'
  } catch {
    return false
  }
}
