/**
 * What clients of cloud services and of labeling tools send, to the server as a user starts it: all find the person and
 * the tie. @huggingface/inference, @aws-sdk/client-rekognition and boto3 are the real ones; Roboflow's inference_sdk,
 * Label Studio and CVAT are their requests on python3-requests.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { end, killGroup, output, start } from '../server.js'

const PHOTO = fileURLToPath(new URL('../../node_modules/nanodet-m-416-tfjs/assets/sample-me.jpg', import.meta.url))
const CLIENTS = fileURLToPath(new URL('../clients/', import.meta.url))
/** Debian's, which python3-requests and python3-boto3 are for. */
const PYTHON = '/usr/bin/python3'
const PROGRAMS = ['roboflow', 'rekognition', 'label_studio', 'cvat']

if (!existsSync(`${CLIENTS}node_modules`)) {
  run('npm', ['ci', '--prefix', CLIENTS, '--ignore-scripts', '--loglevel=error'])
}
const require = createRequire(`${CLIENTS}package.json`)
const photo = readFileSync(PHOTO)
const server = start(process.execPath, ['dist/server/main.js', 'serve'])
try {
  const [base] = /http:\S+/.exec((await server.logged(/listening at/)).msg)
  await server.logged(/^ready$/)
  for (const name of PROGRAMS) report(name, JSON.parse(run(PYTHON, [`${CLIENTS}${name}.py`, base, PHOTO])))
  await huggingface(base)
  await rekognition(base)
  await sagemaker(base)
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

async function huggingface (base) {
  const { InferenceClient } = require('@huggingface/inference')
  const client = new InferenceClient()
  const detect = async inputs => await client.objectDetection({ endpointUrl: `${base}/huggingface`, inputs })
  const inputs = {
    'an ArrayBuffer': new Uint8Array(photo).buffer,
    'a Blob': new Blob([photo]),
    'a typed Blob': new Blob([photo], { type: 'image/jpeg' })
  }
  for (const [kind, input] of Object.entries(inputs)) {
    report(`@huggingface/inference, ${kind}`, (await detect(input)).map(({ label }) => label))
  }
  await assert.rejects(detect(new Blob(['not an image'])), /Failed to perform inference: Cannot decode/)
}

async function rekognition (base) {
  const { DetectLabelsCommand, RekognitionClient } = require('@aws-sdk/client-rekognition')
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
  const client = new RekognitionClient({ endpoint: `${base}/aws`, region: 'us-east-1', credentials })
  const detect = async Bytes => await client.send(new DetectLabelsCommand({ Image: { Bytes }, MaxLabels: 15 }))
  const { Labels } = await detect(photo)
  assert.ok(Labels.every(({ Instances }) => Instances.length === 1))
  report('@aws-sdk/client-rekognition', Labels.map(({ Name }) => Name.toLowerCase()))
  await assert.rejects(detect(Buffer.from('not an image')), { name: 'InvalidImageFormatException' })
  client.destroy()
}

async function sagemaker (base) {
  assert.equal((await fetch(`${base}/ping`)).status, 200)
  const headers = { 'content-type': 'application/x-image' }
  const response = await fetch(`${base}/invocations`, { method: 'POST', body: photo, headers })
  report('SageMaker', (await response.json()).detections.map(({ label }) => label))
}
