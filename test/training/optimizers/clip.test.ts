import t from 'tap'
import { clip } from '../../../training/optimizers/clip.ts'
import { fixture } from '../../support/files.ts'
import type { OptimizerCase } from '../../support/optimizer-cases.ts'

const { gradients, cases }: { gradients: number[][], cases: OptimizerCase[] } = fixture('training-optimizers.json').optimizers

t.test('norms equal PyTorch\'s', async t => {
  for (const { norms, clip: maxNorm } of cases.filter(({ norms }) => norms)) {
    norms!.forEach((norm, i) => t.ok(Math.abs(clip(Float64Array.from(gradients[i]!), maxNorm!) - norm) < 1e-12))
  }
})

t.test('scales down to the maximum, and leaves smaller gradients', async t => {
  const gradient = Float64Array.of(3, 4)
  t.equal(clip(gradient, 5.1), 5)
  t.same([...gradient], [3, 4])
  t.equal(clip(gradient, 1), 5)
  t.ok(Math.abs(gradient[0]! - 0.6) < 1e-6 && Math.abs(gradient[1]! - 0.8) < 1e-6)
  t.equal(clip(new Float32Array(3), 1), 0)
})
