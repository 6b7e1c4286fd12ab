import t from 'tap'
import { zeros } from '../../models/checkpoints/state-dict.ts'
import { INPUT_NAME, OUTPUT_NAME, PADS_NAME } from '../../models/tensor-names.ts'
import { compile } from '../../models/network.ts'
import { fromOnnx } from '../../nn/onnx/from-onnx.ts'
import { SMALL } from '../support/model-files.ts'

t.test('inputs and outputs of compiled networks are called so', async t => {
  const names = (onnx: Uint8Array) => { const { inputs, outputs } = fromOnnx(onnx); return [[...inputs.keys()], [...outputs.keys()]] }
  t.same(names(compile(SMALL, zeros(true))), [['pixels'], ['output']])
  const anySize = compile({ ...SMALL, resizeMode: 'keep-ratio' }, zeros(true))
  t.same(names(anySize), [[INPUT_NAME, PADS_NAME], [OUTPUT_NAME]])
})
