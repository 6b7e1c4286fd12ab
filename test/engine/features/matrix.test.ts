import t from 'tap'
import { dominantEigenvector, gram, multiply, normalized, transposed, type Matrix } from '../../../engine/features/matrix.ts'
import { maxDifference } from '../../support/run.ts'
import { seededFloats } from '../../support/seeded.ts'

const matrix = (rows: number, columns: number, data: ArrayLike<number>): Matrix => ({ rows, columns, data: Float64Array.from(data) })
const random = (rows: number, columns: number): Matrix => matrix(rows, columns, seededFloats(`${rows}×${columns}`, rows * columns, u => 2 * u - 1))
const sixNumbers = matrix(2, 3, [1, 2, 3, 4, 5, 6])

t.test('products that a pencil gives', async t => {
  t.same([...multiply(sixNumbers, Float64Array.of(1, 0, -1))], [-2, -2])
  t.same(transposed(sixNumbers), matrix(3, 2, [1, 4, 2, 5, 3, 6]))
  t.same(gram(sixNumbers), matrix(2, 2, [14, 32, 32, 77]))
  t.same([...normalized(Float64Array.of(3, -4))], [0.6, -0.8])
  t.same([...normalized(new Float64Array(2))], [0, 0])
})

t.test('the dominant eigenvector obeys A·v = λ·v, and no direction has a larger quotient', async t => {
  for (const size of [1, 2, 5, 40]) {
    const a = gram(random(size, 7))
    const v = dominantEigenvector(a)
    const av = multiply(a, v)
    const lambda = dot(v, av)
    t.ok(Math.abs(dot(v, v) - 1) < 1e-12)
    t.ok(maxDifference(av, v.map(value => value * lambda)) < 1e-6 * lambda, `${size} rows`)
    for (let i = 0; i < 50; i++) {
      const other = normalized(Float64Array.from(seededFloats(`direction ${i}`, size, u => u - 0.5)))
      t.ok(dot(other, multiply(a, other)) <= lambda * (1 + 1e-9))
    }
  }
})

t.test('known eigenvectors, even at right angles to the longest column or to all ones', async t => {
  const of = (...rows: number[][]) => dominantEigenvector(matrix(rows.length, rows.length, rows.flat())).map(Math.abs)
  t.ok(maxDifference(of([2, 1], [1, 2]), [Math.SQRT1_2, Math.SQRT1_2]) < 1e-8)
  t.ok(maxDifference(of([2, -2, 1], [-2, 5, -2], [1, -2, 2]), [1, 2, 1].map(value => value / Math.sqrt(6))) < 1e-8)
  const ones = [0, 1, 1, 1, 1]
  t.ok(maxDifference(of([3, 0, 0, 0, 0], ones, ones, ones, ones), [0, 0.5, 0.5, 0.5, 0.5]) < 1e-8)
})

t.test('it ends at zeros, NaN and equal eigenvalues', async t => {
  t.same([...dominantEigenvector(matrix(2, 2, [0, 0, 0, 0]))], [0, 0])
  t.ok(dominantEigenvector(matrix(2, 2, [NaN, 0, 0, 1])).some(Number.isNaN))
  const v = dominantEigenvector(matrix(2, 2, [1, 0, 0, 1]))
  t.ok(Math.abs(dot(v, v) - 1) < 1e-12)
})

function dot (a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}
