/** node .ci/smoke.js [MAJOR]: start, detect, features, stop, on this Node. Another version of it is a failure. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { end, killGroup, output, start } from './server.js'

const [, , major = process.versions.node.split('.')[0]] = process.argv
console.log(`smoke on Node ${process.version}`)
assert.equal(process.versions.node.split('.')[0], major)

const street = readFileSync(new URL('../docs/images/street.jpg', import.meta.url))
const server = start(process.execPath, ['dist/start/main.js'])
try {
  const [base] = /http:\S+/.exec((await server.logged(/listening at/)).msg)
  await server.logged(/^ready$/)
  console.log(`detect: ${await detect(base)}`)
  console.log(`features: ${await features(base)}`)
  const outcome = await end(server, 'SIGTERM')
  console.log(`stop: ${outcome}, no process left`)
  assert.equal(outcome, 'exit 0')
  assert.deepEqual(server.lines.filter(({ level }) => level >= 50), [])
} catch (error) {
  console.error(output(server))
  throw error
} finally {
  killGroup(server)
}

async function post (url) {
  const response = await fetch(url, { method: 'POST', body: street, headers: { 'content-type': 'image/jpeg' } })
  assert.equal(response.status, 200, url)
  return response
}

async function detect (base) {
  const { image, detections } = await (await post(`${base}/detect`)).json()
  assert.deepEqual(image, { width: 960, height: 640 })
  const labels = detections.map(({ label }) => label)
  assert.deepEqual(labels, ['stop sign', 'bus', 'traffic light'])
  return labels.join(', ')
}

/** The first bytes of an .npy file are its magic, its version, and the length of its header. */
async function features (base) {
  const npy = Buffer.from(await (await post(`${base}/features?layers=stage4&format=npy`)).arrayBuffer())
  assert.equal(npy.toString('latin1', 0, 8), '\x93NUMPY\x01\x00')
  const start = 10 + npy.readUInt16LE(8)
  const header = npy.toString('latin1', 10, start).trim()
  assert.match(header, /'shape': \(1, 464, 13, 13\)/)
  assert.equal(npy.length - start, 464 * 13 * 13 * Float32Array.BYTES_PER_ELEMENT)
  return header
}
