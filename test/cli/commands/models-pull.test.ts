import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { modelsPull } from '../../../cli/commands/models-pull.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { sendFile, startFileServer, startProxy } from '../../support/file-server.ts'
import { call } from '../../support/io.ts'
import { seededModel, torchFile } from '../../support/model-files.ts'

const NAME = 'nanodet-m-0.5x'
const CHECKPOINT = torchFile(seededModel(REGISTRY.get(NAME)!).stateDict)
const PROGRAM = fileURLToPath(new URL('../../../bin/nanodet.js', import.meta.url))
const pull = (...argv: string[]) => call(modelsPull, argv)

/** Sets variables for a test; those of proxies and MODELS_DIR are unset otherwise. */
function setVariables (t: Test, variables: Record<string, string> = {}): void {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'MODELS_DIR']
  const before = names.map(name => [name, process.env[name]] as const)
  for (const name of names) delete process.env[name]
  Object.assign(process.env, variables)
  t.teardown(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })
}

t.test('pulls a model, reports it and its source', async t => {
  setVariables(t)
  const { url } = await startFileServer(t, (request, response) => sendFile(request, response, CHECKPOINT))
  const dir = t.testdir({})
  const first = await pull(NAME, NAME, '--from', `${url}/a.ckpt`, '--models-dir', dir)
  t.strictSame([first.exitCode, first.stderr], [0, `${NAME}: from ${url}/a.ckpt\n`])
  t.match(first.stdout, new RegExp(`^${NAME}: pulled, ${dir}/${NAME}\\.ckpt \\(1\\.2 MB, SHA-256 [0-9a-f]{12}…\\)\\n$`))
  const again = await pull(NAME, '--from', `${url}/a.ckpt`, '--models-dir', dir, '--json')
  t.strictSame([again.exitCode, again.stderr], [0, ''])
  t.match(JSON.parse(again.stdout), { model: NAME, status: 'up to date', file: `${NAME}.ckpt`, bytes: CHECKPOINT.length, source: `${url}/a.ckpt` })
})

t.test('MODELS_DIR is the folder, and --quiet prints nothing but results', async t => {
  const dir = t.testdir({ 'mine.ckpt': CHECKPOINT })
  setVariables(t, { MODELS_DIR: `${dir}/models` })
  const { exitCode, stdout, stderr } = await pull(NAME, '--from', `${dir}/mine.ckpt`, '--quiet')
  t.strictSame([exitCode, stderr], [0, ''])
  t.match(stdout, `${NAME}: pulled, ${dir}/models/${NAME}.ckpt`)
})

t.test('a terminal shows a bar and retries', async t => {
  setVariables(t)
  const { url } = await startFileServer(t, (request, response, count) =>
    count === 0 ? response.writeHead(503).end() : sendFile(request, response, CHECKPOINT))
  const { exitCode, stderr } = await call(modelsPull, [NAME, '--from', url, '--models-dir', t.testdir({})], { isTTY: true })
  t.equal(exitCode, 0)
  t.match(stderr, `${url}/: HTTP 503 Service Unavailable; trying again in 0.5 s\n`)
  t.match(stderr, 'of 1.2 MB')
})

t.test('a model that fails is a line on stderr, and the others are pulled', async t => {
  const refusing = await startProxy(t, undefined, 403)
  setVariables(t, { HTTPS_PROXY: refusing.url })
  const args = ['nanodet-t', 'nanodet-plus-m-416', '--models-dir', t.testdir({})]
  const { exitCode, stderr } = await pull(...args, '--quiet')
  t.equal(exitCode, 1)
  const lines = stderr.trimEnd().split('\n')
  t.equal(lines.length, 5, 'a line for each source')
  t.match(lines[0], /^https:\/\/drive\.google\.com\/file\/d\/1TqRG.*: Proxy response \(403\)/)
  t.equal(lines[1], 'nanodet-plus-m-416: all downloads failed; give another source with --from')
  t.match(lines[3], /^ {2}https:\/\/github\.com\/RangiLyu\/nanodet\/releases\//)
  t.match((await pull(...args)).stderr, /Proxy response \(403\).*; trying the next source\nnanodet-plus-m-416: from https:\/\/github\.com/)
  t.strictSame([...new Set(refusing.hosts)], ['drive.google.com:443', 'github.com:443'])
})

t.test('limits are options', async t => {
  setVariables(t)
  const dir = t.testdir({})
  const { url } = await startFileServer(t, (_, response) => { response.writeHead(200, { 'content-length': '5000' }).write('abc') })
  const args = [NAME, '--from', url, '--models-dir', dir, '--quiet']
  t.match(await pull(...args, '--max-size', '0.001'), { exitCode: 1, stderr: `${url}/: larger than the limit of 1.0 kB; --max-size raises it\n` })
  t.match(await pull(...args, '--timeout', '0.1', '--retries', '0'), { exitCode: 1, stderr: `${url}/: no data for 0.1 s\n` })
})

t.test('wrong arguments are a line on stderr and exit code 2', async t => {
  setVariables(t)
  const wrong: Array<[string[], RegExp]> = [
    [[], /^Expected the name of a model/],
    [['nanodet-tt', '--models-dir', 'x'], /^Unknown model nanodet-tt; did you mean nanodet-t\? nanodet models list shows all/],
    [['completely-different', '--models-dir', 'x'], /^Unknown model completely-different; nanodet models list/],
    [['nanodet-t'], /^Where to\? Give a folder with --models-dir DIR, or set MODELS_DIR/],
    [['nanodet-t', 'nanodet-g', '--from', 'a.ckpt', '--models-dir', 'x'], /^--from: expected one model/],
    [['nanodet-t', '--from', 'ftp://a', '--models-dir', 'x'], /^--from: expected a path or an http or https URL/],
    [['nanodet-t', '--models-dir', 'x', '--retries', '-1'], /^--retries: /],
    [['nanodet-t', '--models-dir', 'x', '--timeout', '0'], /^--timeout: /]
  ]
  for (const [argv, message] of wrong) {
    const { exitCode, stdout, stderr } = await pull(...argv)
    t.strictSame([exitCode, stdout], [2, ''], argv.join(' '))
    t.match(stderr, message)
    t.match(stderr, /^[^\n]+\n$/)
  }
})

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
  t.test(`${signal} leaves a partial file and no model, and the next pull resumes`, async t => {
    setVariables(t)
    const { url, requests } = await startFileServer(t, (request, response, count) => {
      if (count > 0) return sendFile(request, response, CHECKPOINT)
      response.writeHead(200, { 'content-length': CHECKPOINT.length, etag: '"1"' }).write(CHECKPOINT.subarray(0, 400_000))
    })
    const dir = t.testdir({})
    const args = ['models', 'pull', NAME, '--from', url, '--models-dir', dir]
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    t.teardown(() => child.kill('SIGKILL'))
    let errors = ''
    child.stderr.on('data', chunk => { errors += chunk })
    const partial = `${dir}/.${NAME}.ckpt.partial`
    while ((await readFile(partial).catch(() => '')).length < 400_000) await new Promise(resolve => setTimeout(resolve, 20))
    child.kill(signal)
    t.strictSame(await once(child, 'close'), [code, null])
    t.match(errors, /Interrupted; pull again to resume\n$/)
    t.strictSame((await readdir(dir)).sort(), [`.${NAME}.ckpt.partial`, `.${NAME}.ckpt.partial.json`])
    t.match(await pull(...args.slice(2)), { exitCode: 0 })
    t.equal(requests[1]!.headers.range, 'bytes=400000-')
    t.strictSame((await readdir(dir)).sort(), ['models.lock.json', `${NAME}.ckpt`])
  })
}

t.test('--help explains the folder and the lock file', async t => {
  const { exitCode, stdout } = await pull('--help')
  t.equal(exitCode, 0)
  for (const text of ['--models-dir DIR', '--from URL|FILE', 'models.lock.json', 'HTTPS_PROXY', 'MODELS_DIR=DIR']) t.match(stdout, text)
})
