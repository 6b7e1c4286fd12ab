import t from 'tap'
import { costOf } from '../../../bench/peers/costs.ts'
import { peersToMarkdown, type PeersReport } from '../../../bench/peers/report.ts'
import { REPORT as BENCH } from '../../support/bench.ts'
import { outcome } from '../../support/peers.ts'

const BARE = outcome('bare pipeline, fp32', { preprocess: 6, network: 10, boxes: 1 })
const OPENCV = { ...outcome('OpenCV', { decode: 3, warp: 1, normalize: 0.5, network: 20 }), ready: { versions: {}, max_difference: 0.00001234 } }

const REPORT: PeersReport = {
  machine: BENCH.machine,
  cpu_flags: ['avx2', 'fpu', 'sse'],
  versions: { OpenCV: '4.6.0' },
  model: 'nanodet-m-416',
  photos: 1,
  turns: 3,
  photos_per_turn: 32,
  workers: 2,
  peers: [BARE, OPENCV, { ...outcome('ncnn'), problem: 'not found' }].map(each => costOf(each, BARE)),
  jpeg_to_boxes: [{ precision: 'fp32', ncnn: 'carried over', ratio: 1.2, spread: [1.1, 1.3] }]
}

t.test('in Markdown', async t => {
  const text = peersToMarkdown(REPORT)
  t.match(text, 'CPU flags: avx2; OpenCV 4.6.0\nnanodet-m-416; 1 photo, 3 turns of 32 each; one thread each, the server with 2 workers\n')
  t.match(text, /\| bare pipeline, fp32 \| +6 \| +– \| +10 \| +1 \| +17 \| 1\.00 \(1\.00 … 1\.00\) \| 1\.00 \(1\.00 … 1\.00\) \|/)
  t.match(text, /\| OpenCV +\| +4 \| +0\.50 \| +20 \| +– \| 24\.5 \| 2\.00 \(2\.00 … 2\.00\) \| 1\.44 \(1\.44 … 1\.44\) \|/)
  t.notMatch(text, '| ncnn')
  t.match(text, '- OpenCV: decode 3 ms, warp 1 ms\n- OpenCV: predictions differ from onnxruntime\'s by 0.000012 or less for the same input\n- ncnn: not found\n')
  t.match(text, /ncnn, carried over\): 1\.20 \(1\.10 … 1\.30\)\n$/)
})

t.test('without flags and sums', async t => {
  const text = peersToMarkdown({ ...REPORT, cpu_flags: [], peers: REPORT.peers.slice(0, 1), jpeg_to_boxes: [] })
  t.match(text, 'CPU flags: unknown;')
  t.notMatch(text, /^- /m)
})
