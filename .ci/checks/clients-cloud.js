/**
 * What clients of cloud services and of labeling tools send, to the server as a user starts it: all find the person and
 * the tie. @huggingface/inference, @aws-sdk/client-rekognition and boto3 are the real ones; Roboflow's inference_sdk,
 * Label Studio and CVAT are their requests on python3-requests.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { PHOTO, report, require, runPython, withServer } from '../clients.js'

const PROGRAMS = ['roboflow', 'rekognition', 'label_studio', 'cvat']
const photo = readFileSync(PHOTO)

await withServer(['serve'], async base => {
  for (const name of PROGRAMS) runPython(name, base)
  await huggingface(base)
  await rekognition(base)
  await sagemaker(base)
})

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
