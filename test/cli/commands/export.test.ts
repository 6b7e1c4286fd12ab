import { readFile } from 'node:fs/promises'
import t from 'tap'
import { exportCommand } from '../../../cli/commands/export.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { writeSafetensors } from '../../../models/checkpoints/safetensors.ts'
import { weightsOf, zeros } from '../../../models/checkpoints/state-dict.ts'
import { exportEndToEnd, exportParameters, exportRaw } from '../../../models/export.ts'
import { buildOnImage } from '../../../models/network.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { loadStateDict } from '../../../models/weights.ts'
import { exportStep } from '../../../training/graph/export-step.ts'
import { MODEL } from '../../support/built-in.ts'
import { call } from '../../support/io.ts'
import { ownModels } from '../../support/own-models.ts'

const exportTo = (...argv: string[]) => call(exportCommand, argv)

t.test('writes the form that the ending and the options ask for', async t => {
  const folder = t.testdir()
  const stateDict = await loadStateDict(MODEL)
  const weights = weightsOf(stateDict)
  const strict = { scoreThreshold: 0.5, iouThreshold: 0.4, maxDetections: 7 }
  const forms: [argv: string[], file: Uint8Array, form: string][] = [
    [['new/a.onnx'], exportEndToEnd(MODEL, weights, DEFAULT_OPTIONS), 'end-to-end'],
    [['b.onnx', '--score-threshold', '0.5', '--iou-threshold', '.4', '--max-detections', '7'], exportEndToEnd(MODEL, weights, strict), 'end-to-end'],
    [['c.onnx', '--raw'], exportRaw(MODEL, weights), 'raw'],
    [['d.safetensors'], exportParameters(MODEL, stateDict), 'parameters'],
    [['f.onnx', '--train-step', '--batch', '2'], exportStep(MODEL, stateDict, 2), 'train-step'],
    [['g.onnx', '--train-step'], exportStep(MODEL, stateDict, 8), 'train-step']
  ]
  for (const [[name, ...options], file, form] of forms) {
    const path = `${folder}/${name}`
    const { exitCode, stdout, stderr } = await exportTo('nanodet-m-416', path, ...options)
    t.strictSame([exitCode, stderr], [0, ''])
    t.match(stdout, new RegExp(`^wrote ${path}: nanodet-m-416, ${form}, \\d\\.\\d MB\n$`))
    t.ok(Buffer.compare(await readFile(path), file) === 0, form)
  }
  const { stdout } = await exportTo('--out', `${folder}/e.onnx`, '--raw', '--json')
  t.strictSame(JSON.parse(stdout), { model: 'nanodet-m-416', form: 'raw', file: `${folder}/e.onnx`, bytes: forms[2]![1].length })
})

t.test('takes a checkpoint for any model of the registry', async t => {
  const config = REGISTRY.get('nanodet-plus-m-320')!
  const { params } = buildOnImage(config, zeros(false))
  const tensors = new Map([...params].map(([name, { shape }]) => {
    const dims = shape as readonly number[]
    return [name, { shape: dims, data: new Float32Array(dims.reduce((a, b) => a * b)) }]
  }))
  const folder = t.testdir({ 'zeros.safetensors': Buffer.from(writeSafetensors(tensors)), 'text.pth': 'no checkpoint at all, but long enough' })
  t.equal((await exportTo('nanodet-plus-m-320', `${folder}/out.onnx`, '--weights', `${folder}/zeros.safetensors`)).exitCode, 0)
  const failures: [weights: string, message: string][] = [
    ['zeros.safetensors', 'parameter backbone.stage2.0.branch1.2.weight'], ['text.pth', 'not a readable'], ['none.pth', 'no such file']
  ]
  for (const [weights, message] of failures) {
    const { exitCode, stderr } = await exportTo('nanodet-plus-m-1.5x-320', `${folder}/bad.onnx`, '--weights', `${folder}/${weights}`)
    t.equal(exitCode, 1)
    t.match(stderr, `${weights}: `)
    t.match(stderr, message)
    t.match(stderr, /^[^\n]+\n$/)
  }
})

t.test('a file that can\'t be written is a line on stderr', async t => {
  const folder = t.testdir({ 'out.onnx': {} })
  t.match(await exportTo('nanodet-m-416', `${folder}/out.onnx`), { exitCode: 1, stderr: `${folder}/out.onnx: is a directory, not a file\n` })
})

t.test('wrong arguments are a line on stderr and exit code 2', async t => {
  const wrong: [string[], RegExp][] = [
    [[], /^Expected a file: nanodet export MODEL FILE, or --out FILE/],
    [['yolo', 'a.onnx'], /^--model: unknown model yolo/],
    [['nanodet-m-416'], /^Expected a file/],
    [['nanodet-m-416', 'a.onnx', 'b.onnx'], /^Expected one model and one file: nanodet export \[MODEL \[FILE\]\]/],
    [['nanodet-m-416', 'a.onnx', '--out', 'b.onnx'], /^File given twice: a\.onnx and --out b\.onnx/],
    [['nanodet-m-416', '--model', 'nanodet-g', '--out', 'b.onnx'], /^Model given twice: nanodet-m-416 and --model nanodet-g/],
    [['nanodet-m-416', 'a.tflite'], /^a\.tflite: expected a file that ends in \.onnx or \.safetensors\n/],
    [['nanodet-m-416', 'a.safetensors', '--raw'], /^a\.safetensors: expected a file that ends in \.onnx\n/],
    [['nanodet-m-416', 'a.safetensors', '--train-step'], /^a\.safetensors: expected a file that ends in \.onnx\n/],
    [['nanodet-m-416', 'a.onnx', '--raw', '--train-step'], /^--raw and --train-step: choose one\n/],
    [['nanodet-m-416', 'a.onnx', '--batch', '4'], /^--batch: only --train-step has batches\n/],
    [['nanodet-m-416', 'a.onnx', '--train-step', '--batch', '0'], /^--batch: expected a whole number from 1 to 256, found 0/],
    [['nanodet-m-416', 'a.onnx', '--raw', '--iou-threshold', '0.5'], /^--iou-threshold: only the graph from pixels to objects/],
    [['nanodet-m-416', 'a.safetensors', '--max-detections', '5'], /^--max-detections: only the graph from pixels to objects/],
    [['nanodet-m-416', 'a.onnx', '--score-threshold', '2'], /^--score-threshold: expected a number from 0 to 1, found 2/],
    [['nanodet-m', 'a.onnx'], /^nanodet-m has no built-in weights: give a checkpoint with --weights/],
    [['nanodet-m-416', 'a.onnx', '--classes', 'car'], /^Unknown option --classes/]
  ]
  for (const [argv, message] of wrong) {
    const { exitCode, stdout, stderr } = await exportTo(...argv)
    t.strictSame([exitCode, stdout], [2, ''], argv.join(' '))
    t.match(stderr, message)
    t.match(stderr, /^[^\n]+\n$/)
  }
})

t.test('a model of the user\'s', async t => {
  const { folder } = ownModels(t)
  for (const [file, ...options] of [['a.onnx'], ['b.onnx', '--raw'], ['c.safetensors']] as const) {
    const { exitCode, stderr } = await exportTo(`${folder}/small.yml`, `${folder}/${file}`, ...options)
    t.same([exitCode, stderr], [0, ''], file)
  }
  t.equal((await readFile(`${folder}/b.onnx`)).compare(await readFile(`${folder}/graph.onnx`)), 0)
  t.match(await exportTo(`${folder}/graph.onnx`, `${folder}/d.onnx`), {
    exitCode: 2, stderr: `--model: only NanoDet networks can be exported; graph is an ONNX graph already: ${folder}/graph.onnx\n`
  })
  t.match(await exportTo(`${folder}/kinds.json`, `${folder}/d.onnx`), { exitCode: 2, stderr: /kinds is a classifier\n$/ })
})
