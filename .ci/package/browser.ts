/** Compiled in .ci/package.js with the types of browsers alone: without those of Node. */
import { NanodetClient, type Detection } from 'nanodet-server/client'

export async function inPage (file: File, canvas: HTMLCanvasElement): Promise<Detection[]> {
  const client = new NanodetClient(new URL('/', location.href), { fetch: window.fetch.bind(window) })
  const { detections } = await client.detect(file)
  const context = canvas.getContext('2d')
  for (const { box: { x1, y1, x2, y2 } } of detections) context?.strokeRect(x1, y1, x2 - x1, y2 - y1)
  return detections
}
