/**
 * Pulls the authors' checkpoints from their public URLs, by way of a proxy that leads to a local HTTPS server instead.
 * The server answers as Google Drive and GitHub do: redirects, confirmation pages, an exceeded quota; and it cuts
 * connections. Then checks the models, detects with them, and serves them.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { PUBLISHED_CHECKPOINTS } from '../../dist/models/published-checkpoints.js'
import { buildApp } from '../../dist/server/app.js'
import { readConfig } from '../../dist/server/config.js'
import { startEngine } from '../../dist/server/serve.js'

const NANODET = fileURLToPath(new URL('../../dist/bin/nanodet.js', import.meta.url))
const CHECKPOINTS = '../shared/checkpoints'
const PHOTO = `../shared/coco128/images/${readdirSync('../shared/coco128/images')[0]}`
const QUOTA = 'nanodet-plus-m-416' // Drive refuses it: GitHub's comes next
const INSECURE = 'nanodet-g'
const MODELS = {
  'nanodet-m': 'nanodet_m.ckpt',
  'nanodet-m-416': 'nanodet_m_416.ckpt',
  'nanodet-plus-m-320': 'nanodet-plus-m_320.ckpt',
  'nanodet-plus-m-416': 'nanodet-plus-m_416.ckpt'
}
const CUT_AFTER = 1_500_000
const HOSTS = ['drive.google.com', 'drive.usercontent.google.com', 'github.com', 'release-assets.githubusercontent.com']
const HTML = { 'content-type': 'text/html; charset=utf-8' }
const FORM = `<form id="download-form" action="https://${HOSTS[1]}/download" method="get"><input type="hidden" name="id" value="ID">` +
  '<input type="hidden" name="confirm" value="t"><input type="hidden" name="uuid" value="a-b"></form>'

const temporary = mkdtempSync(join(tmpdir(), 'models-pull-'))
const folder = join(temporary, 'models')
mkdirSync(folder)
const [key, cert] = ['key.pem', 'cert.pem'].map(name => join(temporary, name))
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert,
  '-days', '2', '-subj', '/CN=local', '-addext', `subjectAltName=${HOSTS.map(host => `DNS:${host}`).join()}`], { stdio: 'ignore' })

const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
  const url = new URL(request.url, `https://${request.headers.host}`)
  const name = [...PUBLISHED_CHECKPOINTS.keys()].find(name => PUBLISHED_CHECKPOINTS.get(name).some(link => link.includes(`/${url.searchParams.get('id')}/`)))
  switch (`${url.hostname}${url.pathname}`) {
    case 'drive.google.com/uc':
      return redirect(response, name === INSECURE ? `http://${HOSTS[1]}/` : `https://${HOSTS[1]}/download${url.search}`)
    case 'drive.usercontent.google.com/download':
      if (name === QUOTA) return response.writeHead(200, HTML).end('<title>Google Drive - Quota exceeded</title>')
      if (url.searchParams.get('uuid') !== 'a-b') return response.writeHead(200, HTML).end(FORM.replace('ID', url.searchParams.get('id')))
      return sendFile(request, response, MODELS[name])
    case 'github.com/RangiLyu/nanodet/releases/download/v1.0.0-alpha-1/nanodet-plus-m_416_checkpoint.ckpt':
      return redirect(response, `https://${HOSTS[3]}/asset?signature=x`)
    case 'release-assets.githubusercontent.com/asset':
      return sendFile(request, response, MODELS[QUOTA])
    default:
      return response.writeHead(404).end()
  }
})
const proxy = createServer((_, response) => response.writeHead(400).end())
proxy.on('connect', (_, socket) => {
  const upstream = connect(server.address().port, '127.0.0.1', () => socket.write('HTTP/1.1 200 Connection Established\r\n\r\n'))
  upstream.pipe(socket).pipe(upstream)
  for (const end of [socket, upstream]) end.on('error', () => { socket.destroy(); upstream.destroy() })
})
for (const listener of [server, proxy]) await once(listener.listen(0, '127.0.0.1'), 'listening')
const env = {
  ...process.env, MODELS_DIR: folder, https_proxy: `http://127.0.0.1:${proxy.address().port}`, no_proxy: '', NODE_EXTRA_CA_CERTS: cert
}

const redirect = (response, location) => response.writeHead(302, { location }).end()

/** The rest of a file, or of it as much as one connection transfers. */
function sendFile ({ headers }, response, file) {
  const bytes = readFileSync(join(CHECKPOINTS, file))
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0)
  response.writeHead(from > 0 ? 206 : 200, {
    etag: '"1"', 'content-length': bytes.length - from, ...from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }
  })
  const part = bytes.subarray(from, from + CUT_AFTER)
  if (from + part.length === bytes.length) response.end(part)
  else response.write(part, () => setTimeout(() => response.destroy(), 200))
}

/** @returns what the command prints @throws if it does not exit with the code */
async function nanodet (args, expected = 0) {
  const child = spawn(process.execPath, [NANODET, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', chunk => { stdout += chunk })
  child.stderr.on('data', chunk => { stderr += chunk })
  const [code] = await once(child, 'close')
  process.stdout.write(stderr)
  if (code !== expected) throw new Error(`nanodet ${args.join(' ')}: exit code ${code}, expected ${expected}\n${stdout}`)
  return expected === 0 ? stdout : stderr
}

async function pullAll () {
  const names = Object.keys(MODELS)
  process.stdout.write(await nanodet(['models', 'pull', ...names]))
  for (const name of names) {
    expect(readFileSync(join(folder, `${name}.ckpt`)).equals(readFileSync(join(CHECKPOINTS, MODELS[name]))), `${name}: other bytes`)
  }
  expect((await nanodet(['models', 'pull', ...names])).match(/up to date/g)?.length === names.length, 'pulled twice')
  expect((await nanodet(['models', 'pull', INSECURE], 1)).includes('not secure'), 'a redirect to HTTP is followed')
  await nanodet(['models', 'pull', 'nanodet-t', '--from', join(CHECKPOINTS, 'nanodet_m.ckpt')], 1)
  const left = readdirSync(folder).sort()
  const tables = names.filter(name => name.startsWith('nanodet-plus')).map(name => `${name}.calibration.json`)
  expect(left.join() === [...names.map(name => `${name}.ckpt`), ...tables, 'models.lock.json'].sort().join(), `left: ${left}`)
}

function expect (condition, problem) { if (!condition) throw new Error(problem) }

async function commandsFindThem () {
  const { models } = JSON.parse(await nanodet(['models', 'list', '--json']))
  for (const { name, weights, ap } of models) expect((weights === 'pulled') === name in MODELS && ap > 0, `${name} is listed as ${weights}`)
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
  for (const listener of [server, proxy]) { listener.closeAllConnections(); listener.close() }
  rmSync(temporary, { recursive: true })
}
