/** Uses every entry of the installed package, and prints what came out. It has to end by itself. */
import { readFile } from 'node:fs/promises'
import { buildApp, createEngine, detect, NanodetError } from 'nanodet-server'
import { NanodetClient } from 'nanodet-server/client'
import { compile, conv2d, input, Scope, zeros } from 'nanodet-server/nn'

const labelsOf = ({ detections }) => detections.map(({ label }) => label)
const manifest = JSON.parse(await readFile(new URL(import.meta.resolve('nanodet-server/package.json'))))
const photo = await readFile('photo.jpg')
const oneShot = labelsOf(await detect(photo))

const engine = await createEngine({ threads: 1 })
const maps = await engine.features(photo, { layers: 'p5' })
const refused = await engine.detect(Buffer.from('hello')).catch(error => error instanceof NanodetError && error.code)

const app = await buildApp({ engine })
const base = await app.listen({ port: 0, host: '127.0.0.1' })
const api = labelsOf(await new NanodetClient(base).detect(photo))
const [docs, index, script, example] = await Promise.all(['docs', '', 'page/app.js', 'page/street.jpg'].map(readFrom))
await app.close()

async function readFrom (path) {
  const reply = await fetch(`${base}/${path}`)
  return { status: reply.status, type: reply.headers.get('content-type'), length: (await reply.arrayBuffer()).byteLength }
}

const scope = Scope.root(zeros(false))
const onnx = compile({ y: scope.apply('conv', conv2d(8, 3), input('x', [1, 3, 8, 8])) })
console.log(JSON.stringify({
  oneShot,
  engine: labelsOf(await engine.detect(photo)),
  layers: Object.fromEntries([...maps].map(([name, { shape }]) => [name, shape])),
  api,
  docs: docs.status,
  page: [index, script, example].map(({ status, type, length }) => `${status} ${type} ${length > 1000}`),
  onnx: onnx.length > 0 && manifest.name === 'nanodet-server',
  refused
}))
