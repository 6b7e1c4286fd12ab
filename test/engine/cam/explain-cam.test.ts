import t from 'tap'
import { explainCam, massIn } from '../../../engine/cam/explain-cam.ts'

const layer = (name: string) => ({ name: `fpn.${name}`, label: name, shape: [1, 4, 2, 3], dtype: 'float32' as const, stride: 8, parameters: 1 })
const output = (...values: number[]) => ({ dims: [1, 1, 2, 3], data: Float32Array.from(values) })
const candidate = { point: 0, classId: 1, score: 0.61234, box: [0, 0, 13, 8] as const }

t.test('the share of each layer in the box, and its strongest cells', async t => {
  const cams = { 'fpn.p3': output(1, 2, 0, 0, 0, 5), 'fpn.p4': output(0, 0, 0, 0, 0, 0) }
  t.same(explainCam([layer('p3'), layer('p4'), layer('p5')], cams, candidate, ['cat', 'dog']), {
    class_id: 1,
    label: 'dog',
    score: 0.6123,
    input_box: [0, 0, 13, 8],
    layers: [
      {
        layer: 'p3',
        name: 'fpn.p3',
        stride: 8,
        width: 3,
        height: 2,
        in_box: 0.375,
        cells: [{ column: 2, row: 1, share: 0.625 }, { column: 1, row: 0, share: 0.25 }, { column: 0, row: 0, share: 0.125 }]
      },
      { layer: 'p4', name: 'fpn.p4', stride: 8, width: 3, height: 2, in_box: null, cells: [] }
    ]
  })
  t.equal(massIn([4, 4, 4, 4], output(1, 2, 0, 0, 0, 5), 8), 1, 'by the centers of cells')
})
