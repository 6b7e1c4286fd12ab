/**
 * EigenCAM (Muhammad and Yeasin 2020, https://arxiv.org/abs/2008.00299): a layer's activations projected onto the first right singular
 * vector v of the matrix A [cells, channels]. It differs from the paper in two ways:
 * - A is centered: each channel's mean is subtracted. Otherwise v is nearly the mean activation, and the map shows what all cells have in
 *   common, not where they differ. https://github.com/jacobgil/pytorch-grad-cam centers, too.
 * - A has only the photo's own cells: the edges of a letterbox's black bars can outweigh everything in the photo.
 * A singular vector has no inherent sign. Here the map is higher where the layer responds more strongly.
 */
import { cellsOf, type Area } from './area.ts'
import { mapSize, type FeatureMap } from './array.ts'
import { dominantEigenvector, gram, multiply, normalized, transposed, type Matrix } from './matrix.ts'

/**
 * @param feature activation `[1, C, H, W]`
 * @param area the cells that v is computed from
 * @returns a map `[H, W]`: A·v of every cell, where 0 is the area's mean
 * @throws NotAMapError for other shapes
 */
export function eigenCam (feature: FeatureMap, area: Area): Float32Array {
  const { channels, height, width } = mapSize(feature.shape)
  const activations: Matrix = { rows: channels, columns: height * width, data: Float64Array.from(feature.data) }
  const cells = cellsOf(area, width)
  const map = multiply(transposed(activations), rightSingularVector(centered(activations, cells)))
  const mean = cells.reduce((sum, cell) => sum + map[cell]!, 0) / cells.length
  const trend = cells.reduce((sum, cell) => sum + (map[cell]! - mean) * squaredNorm(activations, cell), 0)
  return Float32Array.from(map, value => (value - mean) * (trend < 0 ? -1 : 1))
}

/** Some columns of a matrix; each row less its mean over them. */
function centered ({ rows, columns, data }: Matrix, chosen: Uint32Array): Matrix {
  const result = new Float64Array(rows * chosen.length)
  for (let row = 0; row < rows; row++) {
    const mean = chosen.reduce((sum, column) => sum + data[row * columns + column]!, 0) / chosen.length
    chosen.forEach((column, i) => { result[row * chosen.length + i] = data[row * columns + column]! - mean })
  }
  return { rows, columns: chosen.length, data: result }
}

/** v of A = Mᵀ: the dominant eigenvector of the channels' Gram matrix, or of the cells' if they are fewer. */
function rightSingularVector (matrix: Matrix): Float64Array {
  if (matrix.rows <= matrix.columns) return dominantEigenvector(gram(matrix))
  return normalized(multiply(matrix, dominantEigenvector(gram(transposed(matrix)))))
}

function squaredNorm ({ rows, columns, data }: Matrix, column: number): number {
  let sum = 0
  for (let row = 0; row < rows; row++) sum += data[row * columns + column]! ** 2
  return sum
}
