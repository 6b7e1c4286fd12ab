/** Rows of equal length, concatenated. */
export interface Matrix { readonly rows: number, readonly columns: number, readonly data: Float64Array }

const TOLERANCE = 1e-9
const MAX_ITERATIONS = 1000

/** M · vector. */
export function multiply ({ rows, columns, data }: Matrix, vector: Float64Array): Float64Array {
  const result = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let i = 0; i < columns; i++) sum += data[row * columns + i]! * vector[i]!
    result[row] = sum
  }
  return result
}

export function transposed ({ rows, columns, data }: Matrix): Matrix {
  const result = new Float64Array(data.length)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) result[i * rows + row] = data[row * columns + i]!
  }
  return { rows: columns, columns: rows, data: result }
}

/** M · Mᵀ: the product of every row with every row. */
export function gram ({ rows, columns, data }: Matrix): Matrix {
  const result = new Float64Array(rows * rows)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0; k < columns; k++) sum += data[i * columns + k]! * data[j * columns + k]!
      result[i * rows + j] = result[j * rows + i] = sum
    }
  }
  return { rows, columns: rows, data: result }
}

/** A vector at length 1; zeros stay zeros. */
export function normalized (vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return vector.map(value => length > 0 ? value / length : value)
}

/**
 * The unit eigenvector of the largest eigenvalue of a symmetric, positive semidefinite matrix, with either sign; zeros if
 * the matrix is zero. Power iteration from sin 1, sin 2, sin 3 …: deterministic, and irregular enough not to be
 * orthogonal to real data.
 */
export function dominantEigenvector (matrix: Matrix): Float64Array {
  let vector = normalized(Float64Array.from({ length: matrix.rows }, (_, i) => Math.sin(i + 1)))
  for (let i = 0; i < MAX_ITERATIONS; i++) {
    const next = normalized(multiply(matrix, vector))
    const change = next.reduce((largest, value, k) => Math.max(largest, Math.abs(value - vector[k]!)), 0)
    vector = next
    if (!(change > TOLERANCE)) break // also ends on NaN
  }
  return vector
}
