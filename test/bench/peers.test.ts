import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { peers } from '../../bench/peers.ts'
import type { PeersReport } from '../../bench/peers/report.ts'
import { photo } from '../support/files.ts'
import { call } from '../support/io.ts'
import { SMALL } from '../support/model-files.ts'
import { ownModels } from '../support/own-models.ts'
import { BENCHNCNN, executable } from '../support/peers.ts'
import { upstreamYaml } from '../support/upstream-yaml.ts'

const SHORT = ['--turns', '1', '--turn-photos', '2', '--python', 'none-such']

process.env['WORKERS'] = '1' // starts sooner

t.test('a short run', async t => {
  const folder = t.testdir({ photos: { 'a.jpg': photo('sample-me.jpg') } })
  const ncnn = ['--ncnn', executable(BENCHNCNN), '--ncnn-param', 'a.param']
  const { exitCode, stdout, stderr } = await call(peers, [...SHORT, ...ncnn, '--images', `${folder}/photos`, '--out', `${folder}/out`, '--json'])
  t.same([exitCode, stderr], [0, ''])
  const report: PeersReport = JSON.parse(stdout)
  t.match(report, { model: 'nanodet-m-416', photos: 1, turns: 1, photos_per_turn: 2, workers: 1, versions: { sharp: String } })
  const ran = report.peers.filter(({ problem }) => problem === null)
  t.same(ran.map(({ name }) => name), [
    'server, fp32, 1 client', 'server, fp32, 8 clients', 'server, int8, 1 client', 'server, int8, 8 clients',
    'bare pipeline, fp32', 'bare pipeline, int8', 'onnxruntime, plain export', 'ncnn'
  ])
  for (const { name, cpu_ms: ms, network, all } of ran) t.ok((ms.network ?? ms.all)! > 0 && (network ?? all)!.ratio > 0, name)
  t.match(report.peers.find(({ name }) => name === 'OpenCV'), { problem: /^not found: none-such/, all: null })
  t.same(report.jpeg_to_boxes, [], 'OpenCV is missing')
  t.same(readdirSync(`${folder}/out`), ['peers.json', 'peers.md'])
  t.match(readFileSync(`${folder}/out/peers.md`, 'utf8'), '- OpenCV: not found: none-such')
})

t.test('a model of the user\'s, which has no int8', async t => {
  const { folder, photos } = ownModels(t)
  const { exitCode, stdout } = await call(peers, [...SHORT, '--images', photos, '--model', `${folder}/small.yml`])
  t.equal(exitCode, 0)
  t.match(stdout, /\| bare pipeline, fp32 +\|/)
  t.notMatch(stdout, 'int8')
})

t.test('what can\'t be compared', async t => {
  const keepRatio = `resize_mode: keep-ratio\n${upstreamYaml(SMALL)}`
  const { folder, photos } = ownModels(t, { 'sized.yml': keepRatio, 'sized.ckpt': '' })
  const wrong: [string[], RegExp][] = [
    [['--ncnn', 'benchncnn'], /^--ncnn and --ncnn-param need each other/],
    [['--model', `${folder}/graph.onnx`], /^--model: peers run NanoDet networks, not graph/],
    [['--model', `${folder}/sized.yml`], /^--model: the input size of sized depends on the photo/],
    [['a.jpg'], /a\.jpg/]
  ]
  for (const [argv, message] of wrong) t.match(await call(peers, [...argv, '--images', photos]), { exitCode: 2, stderr: message })
})
