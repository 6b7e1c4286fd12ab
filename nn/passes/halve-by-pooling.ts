import { constantOf, remake, rewrite, type Pass } from './rewrite.ts'

/**
 * Bilinear resampling by a half is the mean of 2×2 pixels: its sampling points lie in the middle between four. Mean pooling is computed
 * in onnxruntime's blocked layout; resampling to less is not.
 */
export const halveByPooling: Pass = graph => rewrite(graph, node => {
  const [x, , scales] = node.inputs
  const isBilinear = node.op === 'Resize' && node.attributes['mode'] === 'linear'
  if (!isBilinear || constantOf(scales)?.join() !== '1,1,0.5,0.5') return
  const pool = { op: 'AveragePool', attributes: { kernel_shape: [2, 2], strides: [2, 2] } }
  return remake({ ...node, ...pool }, [x]).outputs[0]!
})
