import t from 'tap'
import { jpegToBoxes } from '../../../bench/peers/jpeg-to-boxes.ts'
import { outcome } from '../../support/peers.ts'

const FIELD = { model: 'nanodet-m-416', clients: 8 }
const OPENCV = outcome('OpenCV', { decode: 3, warp: 1, network: 30 })
const SERVERS = [outcome('server, fp32, 1 client', { all: 99 }), outcome('server, fp32, 8 clients', { all: 41 }), outcome('server, int8, 8 clients', { all: 20.5 })]
const PLAIN = outcome('onnxruntime, plain export', { preprocess: 8, normalize: 1, network: 18.5 })

t.test('with ncnn', async t => {
  const all = [...SERVERS, PLAIN, OPENCV, outcome('ncnn', { network: 16 })]
  t.match(jpegToBoxes(all, { ...FIELD, model: 'own' }), [{ precision: 'fp32', ncnn: 'measured', ratio: 2.05 }, { precision: 'int8', ratio: 1.025 }])
})

t.test('without it, for the model with an earlier measurement', async t => {
  t.match(jpegToBoxes([...SERVERS, PLAIN, OPENCV], FIELD), [{ precision: 'fp32', ncnn: 'carried over', ratio: 2 }, { precision: 'int8', ratio: 1 }])
  t.same(jpegToBoxes([...SERVERS, PLAIN, OPENCV], { ...FIELD, model: 'own' }), [])
  t.same(jpegToBoxes([...SERVERS, PLAIN], FIELD), [], 'OpenCV was not found')
  t.match(jpegToBoxes([SERVERS[1]!, PLAIN, OPENCV], FIELD), { length: 1 }, 'a model without int8')
})
