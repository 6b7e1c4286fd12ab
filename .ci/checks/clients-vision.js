/**
 * What programs for cameras send, to the server as a user starts it: all find the person and the tie. Frigate, HASS-Deepstack-object,
 * Viseron, pyzm and pydoods are their requests on python3-requests, Node-RED is the node's own code, curl is a camera's hook.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { end, killGroup, output, start } from '../server.js'

const PHOTO = fileURLToPath(new URL('../../node_modules/nanodet-m-416-tfjs/assets/sample-me.jpg', import.meta.url))
const CLIENTS = fileURLToPath(new URL('../clients/', import.meta.url))
/** Debian's, which python3-requests is for. */
const PYTHON = '/usr/bin/python3'
const PROGRAMS = ['frigate', 'hass_deepstack', 'viseron', 'zoneminder', 'home_assistant_doods']

if (!existsSync(`${CLIENTS}node_modules`)) run('npm', ['ci', '--prefix', CLIENTS, '--ignore-scripts', '--loglevel=error'])
const server = start(process.execPath, ['dist/server/main.js'])
try {
  const [base] = /http:\S+/.exec((await server.logged(/listening at/)).msg)
  await server.logged(/^ready$/)
  for (const name of PROGRAMS) report(name, JSON.parse(run(PYTHON, [`${CLIENTS}${name}.py`, base, PHOTO])))
  for (const [name, labels] of Object.entries(await nodeRed(base))) report(name, labels)
  const form = ['-F', `image=@${PHOTO}`, '-F', 'min_confidence=0.5']
  report('curl', labelsOf(JSON.parse(run('curl', ['-sS', ...form, `${base}/v1/vision/detection`]))))
  assert.equal(await end(server, 'SIGTERM'), 'exit 0')
} catch (error) {
  console.error(output(server))
  throw error
} finally {
  killGroup(server)
}

function report (name, labels) {
  console.log(`${name}: ${labels.join(', ')}`)
  assert.deepEqual(labels, ['person', 'tie'], name)
}

function run (command, args) {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

function labelsOf ({ success, predictions }) {
  assert.equal(success, true)
  return predictions.map(({ label }) => label)
}

/** The code that node-red-contrib-deepstack's nodes call, on got and form-data. */
async function nodeRed (base) {
  const require = createRequire(`${CLIENTS}package.json`)
  const { objectDetection, customModel } = require('node-red-contrib-deepstack/deepstack-integration.js')
  const { protocol, hostname, port } = new URL(base)
  const node = { proto: protocol.slice(0, -1), host: hostname, port, version: 'v1', credentials: {} }
  const photo = readFileSync(PHOTO)
  return {
    'Node-RED': labelsOf(await objectDetection(photo, node, 0.5)),
    'Node-RED, a custom model': labelsOf(await customModel(photo, node, 0.5, 'nanodet-m-416'))
  }
}
