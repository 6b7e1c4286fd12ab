import t from 'tap'
import { guessOpaque } from '../../../models/opaque/guess.ts'
import { graphOf } from '../../support/onnx-files.ts'

t.test('a detector, or else a classifier', async t => {
  t.match(guessOpaque(graphOf([[1, 2100, 112]]), 'mine'), { kind: 'opaque', config: { name: 'mine', input: { width: 320, height: 320 } } })
  t.match(guessOpaque(graphOf([['N', 10]], ['N', 3, 48, 64]), 'mine'), { kind: 'opaque-classifier', config: { input: { width: 64, height: 48 } } })
})

t.test('what follows no convention is refused, with what helps', async t => {
  const refused = (bytes: Uint8Array, message: RegExp) => t.throws(() => guessOpaque(bytes, 'mine'), { name: 'ModelFileError', message })
  refused(graphOf([[1, 25200, 85]]), /^mine: the graph's outputs are \[1, 25200, 85\], which are neither NanoDet's for 320×320 nor a classifier's\. If it is a NanoDet, put its config file beside it as mine\.yml; otherwise describe the graph in mine\.json/)
  refused(graphOf([[1, 320]], [1, 320, 320, 3]), /^mine: the graph takes \[1, 320, 320, 3\]; expected one image \[1, 3, H, W\] of fixed height and width$/)
  refused(graphOf([[1, 10]], ['N', 3, 'H', 'W']), /the graph takes \[N, 3, H, W\]/)
  t.throws(() => guessOpaque(Buffer.from('text'), 'mine'), { name: 'OnnxError' })
})
