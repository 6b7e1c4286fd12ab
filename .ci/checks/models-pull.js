/**
 * Pulls the authors' checkpoints from a local server that redirects, asks for confirmation as Google Drive does and cuts
 * connections; then checks them, detects with them, and serves them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { buildApp } from '../../dist/server/app.js'
import { readConfig } from '../../dist/server/config.js'
import { startEngine } from '../../dist/server/serve.js'

const NANODET = fileURLToPath(new URL('../../dist/bin/nanodet.js', import.meta.url))
const CHECKPOINTS = '../shared/checkpoints'
const PHOTO = `../shared/coco128/images/${readdirSync('../shared/coco128/images')[0]}`
const MODELS = {
  'nanodet-m': 'nanodet_m.ckpt',
  'nanodet-m-416': 'nanodet_m_416.ckpt',
  'nanodet-plus-m-320': 'nanodet-plus-m_320.ckpt',
  'nanodet-plus-m-416': 'nanodet-plus-m_416.ckpt'
}
const CUT_AFTER = 1_500_000
const FORM = '<form id="download-form" action="/download">' +
  '<input type="hidden" name="id" value="ID"><input type="hidden" name="confirm" value="t"></form>'

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const id = searchParams.get('id')
  if (pathname === '/uc') return response.writeHead(303, { location: `/page?id=${id}` }).end()
  if (pathname === '/page') return response.writeHead(200, { 'content-type': 'text/html' }).end(FORM.replace('ID', id))
  if (searchParams.get('confirm') !== 't') return response.writeHead(404).end()
  const bytes = readFileSync(join(CHECKPOINTS, id))
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(from > 0 ? 206 : 200, {
    etag: '"1"', 'content-length': bytes.length - from, ...from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }
  })
  const part = bytes.subarray(from, from + CUT_AFTER)
  if (from + part.length === bytes.length) response.end(part)
  else response.write(part, () => setTimeout(() => response.destroy(), 200))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const origin = `http://127.0.0.1:${server.address().port}`
const folder = mkdtempSync(join(tmpdir(), 'models-pull-'))
const env = { ...process.env, MODELS_DIR: folder, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' }

/** @returns what the command prints @throws if it does not exit with the code */
async function nanodet (args, expected = 0) {
  const child = spawn(process.execPath, [NANODET, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.on('data', chunk => { stdout += chunk })
  const [code] = await once(child, 'close')
  if (code !== expected) throw new Error(`nanodet ${args.join(' ')}: exit code ${code}, expected ${expected}\n${stdout}`)
  return stdout
}

function expect (condition, problem) { if (!condition) throw new Error(problem) }

async function pullAll () {
  for (const [name, file] of Object.entries(MODELS)) {
    const args = ['models', 'pull', name, '--from', `${origin}/uc?export=download&id=${file}`]
    process.stdout.write(await nanodet(args))
    expect(readFileSync(join(folder, `${name}.ckpt`)).equals(readFileSync(join(CHECKPOINTS, file))), `${name}: other bytes`)
    expect((await nanodet(args)).includes('up to date'), `${name}: pulled twice`)
  }
  await nanodet(['models', 'pull', 'nanodet-t', '--from', join(CHECKPOINTS, 'nanodet_m.ckpt')], 1)
  const left = readdirSync(folder).sort()
  expect(left.join() === [...Object.keys(MODELS).map(name => `${name}.ckpt`), 'models.lock.json'].sort().join(), `left: ${left}`)
}

async function commandsFindThem () {
  const { models } = JSON.parse(await nanodet(['models', 'list', '--json']))
  for (const { name, weights } of models) expect((weights === 'pulled') === name in MODELS, `${name} is listed as ${weights}`)
  process.stdout.write(await nanodet(['models', 'check']))
  const reply = JSON.parse(await nanodet(['detect', PHOTO, '--model', 'nanodet-plus-m-416', '--json']))
  expect(reply.model === 'nanodet-plus-m-416' && reply.detections.length > 0, `nanodet detect: ${JSON.stringify(reply)}`)
}

async function serverServesThem () {
  const config = readConfig({ MODELS_DIR: folder, WORKERS: '1' })
  const logger = pino({ level: 'silent' })
  const engine = startEngine(config, logger)
  const app = await buildApp({ config, engine, logger })
  try {
    await engine.start()
    for (const name of Object.keys(MODELS)) {
      const headers = { 'content-type': 'image/jpeg' }
      const reply = await app.inject({ method: 'POST', url: `/detect?model=${name}`, headers, payload: readFileSync(PHOTO) })
      expect(reply.statusCode === 200 && reply.json().detections.length > 0, `${name}: ${reply.body}`)
      console.log(name, reply.json().detections.map(({ label, score }) => `${label} ${score}`).join(', '))
    }
  } finally {
    await app.close()
    await engine.close()
  }
}

try {
  await pullAll()
  await commandsFindThem()
  await serverServesThem()
} finally {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
}
