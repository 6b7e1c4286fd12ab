import { readdir, readFile } from 'node:fs/promises'
import { unzipSync } from 'fflate'
import sharp from 'sharp'
import t from 'tap'
import { features as command } from '../../../cli/commands/features.ts'
import { readSafetensors } from '../../../models/checkpoints/safetensors.ts'
import { photo } from '../../support/files.ts'
import { call } from '../../support/io.ts'
import { ownModels } from '../../support/own-models.ts'

const features = (...argv: string[]) => call(command, argv)

t.test('prints a table of the layers, and writes them as npz; a bad photo is a line on stderr, and does not stop the others', async t => {
  const folder = t.testdir({ 'a.jpg': 'text', 'me.jpg': photo('sample-me.jpg') })
  const { exitCode, stdout, stderr } = await features(...['none.jpg', 'a.jpg', 'me.jpg'].map(name => `${folder}/${name}`), '--out', `${folder}/new/out`)
  t.equal(exitCode, 1)
  t.match(stderr, new RegExp(`^${folder}/none.jpg: no such file or directory\n${folder}/a.jpg: Cannot decode plain text[^\n]+\n$`))
  t.match(stdout, `${folder}/me.jpg: 700×700, person 0.82, tie 0.71\n`)
  t.match(stdout, /│ alias +│ name +│ shape +│ +min │ +max │ +mean │ zeros │/)
  t.match(stdout, /│ stage4 │ backbone\.stage4 │ 1×464×13×13 │ +-0\.\d+ │/)
  t.match(stdout, `\nwrote ${folder}/new/out/me.features.npz\n`)
  const files = Object.keys(unzipSync(await readFile(`${folder}/new/out/me.features.npz`)))
  t.strictSame(files, ['stage2', 'stage3', 'stage4', 'boxes', 'scores', 'class_ids', 'scale', 'pad'].map(name => `${name}.npy`))
})

t.test('pictures and npy are one file per layer', async t => {
  const folder = t.testdir({ 'a.jpg': photo('sample-me.jpg'), 'b.png': await sharp(photo('sample1.jpg')).resize(300).png().toBuffer() })
  const write = (...options: string[]) => features(`${folder}/a.jpg`, `${folder}/b.png`, '--out', `${folder}/out`, '--layers', 'p5,pred5', ...options)
  t.equal((await write('--format', 'overlay', '--reduce', '0')).exitCode, 0)
  t.equal((await write('--format', 'png', '--channels', '4')).exitCode, 0)
  t.match((await write('--format', 'npy')).stdout, `wrote ${folder}/out/b.pred5.npy\n`)
  const endings = ['p5.channels.png', 'p5.npy', 'p5.overlay.jpg', 'pred5.channels.png', 'pred5.npy', 'pred5.overlay.jpg']
  t.strictSame((await readdir(`${folder}/out`)).sort(), ['a', 'b'].flatMap(name => endings.map(ending => `${name}.${ending}`)))
  t.match(await sharp(`${folder}/out/b.p5.overlay.jpg`).metadata(), { format: 'jpeg', width: 640 })
  t.match(await sharp(`${folder}/out/b.p5.channels.png`).metadata(), { format: 'png' })
})

t.test('maps are one file per photo', async t => {
  const folder = t.testdir({ 'me.jpg': photo('sample-me.jpg') })
  const { stdout } = await features(`${folder}/me.jpg`, '--format', 'maps', '--layers', 'p5,backbone.stage4.*', '--reduce', 'max', '--out', folder)
  t.match(stdout, `wrote ${folder}/me.maps.safetensors\n`)
  const raised = await features(`${folder}/me.jpg`, '--format', 'maps', '--layers', 'p4', '--reduce', 'layercam', '--for', 'tie', '--out', `${folder}/cam`)
  t.equal(raised.exitCode, 0)
  t.same(readSafetensors(await readFile(`${folder}/cam/me.maps.safetensors`)).parameters.get('p4')!.shape, [26, 26])
  const { parameters } = readSafetensors(await readFile(`${folder}/me.maps.safetensors`))
  t.same(parameters.get('p5')!.shape, [13, 13])
  t.ok(parameters.size > 10)
})

t.test('--precision int8: layers and detections of the network in int8', async t => {
  const folder = t.testdir({ 'me.jpg': photo('sample-me.jpg') })
  const run = async (precision: string) =>
    JSON.parse((await features(`${folder}/me.jpg`, '--format', 'json', '--layers', 'p5', '--precision', precision)).stdout)
  const [float, int8] = [await run('fp32'), await run('int8')]
  t.notSame(int8.detections, float.detections)
  t.notSame(int8.layers[0].statistics, float.layers[0].statistics)
})

t.test('json goes to stdout, or into a file; --json prints a line per photo with the files', async t => {
  const folder = t.testdir({ 'me.jpg': photo('sample-me.jpg') })
  const shown = await features(`${folder}/me.jpg`, '--format', 'json', '--layers', 'p5', '--values', '--score-threshold', '0.78')
  const reply = JSON.parse(shown.stdout)
  t.match(reply, { file: `${folder}/me.jpg`, model: 'nanodet-m-416', detections: [{ label: 'person' }], layers: [{ alias: 'p5' }], files: [] })
  t.strictSame([shown.exitCode, shown.stderr], [0, ''])
  t.strictSame([reply.detections.length, reply.layers[0].values.length], [1, 96 * 13 * 13])

  const { layers, files } = JSON.parse((await features(`${folder}/me.jpg`, '--format', 'json', '--layers', 'p5,p4', '--out', folder, '--json')).stdout)
  t.strictSame(layers.map(({ alias }: { alias: string }) => alias), ['p5', 'p4'])
  t.strictSame(files, [`${folder}/me.features.json`])
  t.match(JSON.parse(await readFile(`${folder}/me.features.json`, 'utf8')), { layers: [{ alias: 'p5', stride: 32, statistics: { zeros: Number } }] })
})

t.test('--list shows the layers', async t => {
  const { exitCode, stdout } = await features('--list')
  t.equal(exitCode, 0)
  t.match(stdout, /│ alias +│ name +│ shape +│ stride │ parameters │/)
  t.match(stdout, /│ stage2 │ backbone\.stage2 +│ 1×116×52×52 +│ +8 │ +29414 │/)
  const { layers } = JSON.parse((await features('--list', '--json')).stdout)
  t.match(layers.at(-1), { name: 'head', shape: [1, 3549, 112], dtype: 'float32' })
})

t.test('a layer that does not fit the format is a line on stderr', async t => {
  const path = `${t.testdir({ 'me.jpg': photo('sample-me.jpg') })}/me.jpg`
  t.match(await features(path, '--layers', 'head', '--format', 'png', '--out', t.testdirName),
    { exitCode: 1, stderr: `${path}: [1, 3549, 112] is not a feature map: only [1, channels, height, width] can be drawn\n` })
  t.match(await features(path, '--layers', 'p5', '--format', 'overlay', '--reduce', '96', '--out', t.testdirName),
    { exitCode: 1, stderr: `${path}: channel 96 does not exist: the layer has 96, counted from 0\n` })
})

t.test('wrong arguments are a line on stderr and exit code 2', async t => {
  const wrong: [string[], RegExp][] = [
    [[], /^Expected a photo/],
    [['a.jpg', '--scale', '2'], /^Unknown option --scale/],
    [['a.jpg', '--model', 'yolo'], /^--model: unknown model yolo/],
    [['a.jpg', '--layers', 'stge4'], /^--layers: unknown layer stge4; the nearest are stage4, /],
    [['a.jpg', '--layers', ','], /^--layers: expected the name of a layer/],
    [['a.jpg', '--format', 'gif'], /^--format: expected npz, npy, safetensors, maps, json, png or overlay, found gif\n/],
    [['a.jpg', '--reduce', 'median'], /^--reduce: expected mean, max, l2, eigen, layercam or the number of a channel, found median/],
    [['a.jpg', '--for', 'tie'], /^--for: expected together with --reduce layercam/],
    [['a.jpg', '--reduce', 'layercam'], /^--reduce: layercam needs --format overlay or maps; npz has all channels/],
    [['a.jpg', '--channels', '0'], /^--channels: expected a whole number from 1 to 100000, found 0/],
    [['a.jpg', '--score-threshold', '1.5'], /^--score-threshold: expected a number from 0 to 1, found 1\.5/],
    [['x/a.jpg', 'y/a.png', '--out', 'z'], /^--out: z\/a\.features\.npz .* twice/]
  ]
  for (const [argv, message] of wrong) {
    const { exitCode, stdout, stderr } = await features(...argv)
    t.strictSame([exitCode, stdout], [2, ''], argv.join(' '))
    t.match(stderr, message)
    t.match(stderr, /^[^\n]+\n$/)
  }
})

t.test('a model of the user\'s: config, graph, by name', async t => {
  const { folder, photo } = ownModels(t)
  const own = await features(photo, '--model', 'small', '--models-dir', folder, '--format', 'json')
  t.match(JSON.parse(own.stdout), { model: 'small', layers: [{ alias: 'stage2' }, { alias: 'stage3' }, { alias: 'stage4' }] })
  const list = JSON.parse((await features('--list', '--json', '--model', `${folder}/graph.onnx`)).stdout)
  const last = list.layers.at(-1).name
  const graph = await features(photo, '--model', `${folder}/graph.onnx`, '--out', `${folder}/out`, '--json')
  t.match(JSON.parse(graph.stdout), { model: 'graph', layers: [{ name: last }], files: [`${folder}/out/me.features.npz`] })
  t.match(await features(photo, '--model', `${folder}/kinds.json`),
    { exitCode: 2, stderr: '--model: kinds does not support features; use nanodet classify\n' })
})
