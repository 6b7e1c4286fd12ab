/**
 * What programs for cameras send, to the server as a user starts it: all find the person and the tie. Frigate, HASS-Deepstack-object,
 * Viseron, pyzm and pydoods are their requests on python3-requests, Node-RED is the node's own code, curl is a camera's hook.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { PHOTO, report, require, run, runPython, withServer } from '../clients.js'

const PROGRAMS = ['frigate', 'hass_deepstack', 'viseron', 'zoneminder', 'home_assistant_doods']

await withServer([], async base => {
  for (const name of PROGRAMS) runPython(name, base)
  for (const [name, labels] of Object.entries(await nodeRed(base))) report(name, labels)
  const form = ['-F', `image=@${PHOTO}`, '-F', 'min_confidence=0.5']
  report('curl', labelsOf(JSON.parse(run('curl', ['-sS', ...form, `${base}/v1/vision/detection`]))))
})

function labelsOf ({ success, predictions }) {
  assert.equal(success, true)
  return predictions.map(({ label }) => label)
}

/** The code that node-red-contrib-deepstack's nodes call, on got and form-data. */
async function nodeRed (base) {
  const { objectDetection, customModel } = require('node-red-contrib-deepstack/deepstack-integration.js')
  const { protocol, hostname, port } = new URL(base)
  const node = { proto: protocol.slice(0, -1), host: hostname, port, version: 'v1', credentials: {} }
  const photo = readFileSync(PHOTO)
  return {
    'Node-RED': labelsOf(await objectDetection(photo, node, 0.5)),
    'Node-RED, a custom model': labelsOf(await customModel(photo, node, 0.5, 'nanodet-m-416'))
  }
}
