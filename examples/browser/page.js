/* global location, createImageBitmap */
import { NanodetClient } from './client/index.js'

const api = new URLSearchParams(location.search).get('api') ?? 'http://localhost:8080'
const client = new NanodetClient(api, { retries: 3, timeout: 20_000 })
const [input, output, canvas] = ['input', 'output', 'canvas'].map(name => document.querySelector(name))

input.addEventListener('change', async () => {
  const [file] = input.files
  output.textContent = '…'
  try {
    const { detections } = await client.detect(file, { score_threshold: 0.4 })
    await draw(file, detections)
    output.textContent = detections.map(({ label, score }) => `${label} ${Math.round(100 * score)} %`).join(', ') || 'nothing found'
  } catch (error) {
    output.textContent = error.message
  }
})

/** Boxes are in pixels of the photo as displayed, as the browser draws it. */
async function draw (file, detections) {
  const photo = await createImageBitmap(file)
  Object.assign(canvas, { width: photo.width, height: photo.height })
  const context = canvas.getContext('2d')
  context.drawImage(photo, 0, 0)
  Object.assign(context, { strokeStyle: 'lime', fillStyle: 'lime', lineWidth: 3, font: '20px sans-serif' })
  for (const { label, box: { x1, y1, x2, y2 } } of detections) {
    context.strokeRect(x1, y1, x2 - x1, y2 - y1)
    context.fillText(label, x1 + 4, y1 + 22)
  }
}
