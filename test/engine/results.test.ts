import { deserialize, serialize } from 'node:v8'
import t from 'tap'
import { FILE_FORMATS, type DetectInput, type FeaturesOutput, type Rendering } from '../../engine/results.ts'
import { source } from '../support/files.ts'

const image = { width: 640, height: 480, format: 'jpeg', orientation: 1, pages: 1, space: 'srgb' } as const
const times = { decode: 1, preprocess: 2, inference: 3, postprocess: 4, render: 5 }

t.test('a leaf: it imports nothing of the engine, and types alone', async t => {
  const imports = [...source('engine/results.ts').matchAll(/^import (type )?.* from '([^']+)'$/gm)]
  t.ok(imports.length > 0)
  for (const [, isType, path] of imports) t.ok(isType && path!.startsWith('../'), path!)
})

t.test('inputs and outputs are plain data, which goes from process to process', async t => {
  const options = { scoreThreshold: 0.5, iouThreshold: 0.6, maxDetections: 10 }
  const input: DetectInput = { bytes: Buffer.from('GIF89a'), maxPixels: Infinity, options, drawing: { format: 'png', maxSide: 4096 } }
  const objects = [{ label: 'dog', classId: 16, score: 0.1234567890123, box: [1.5, 2, 3, 4] as const }]
  const output: FeaturesOutput = { image, objects, times, body: [Uint8Array.of(1, 2), Uint8Array.of(3)] }
  for (const value of [input, output]) t.strictSame(deserialize(serialize(value)), value)
})

t.test('formats of files; a report is none', async t => {
  t.equal(new Set(FILE_FORMATS).size, FILE_FORMATS.length)
  const report: Rendering['format'] = 'report'
  t.notOk((FILE_FORMATS as readonly string[]).includes(report))
})
