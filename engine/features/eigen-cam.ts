/**
 * EigenCAM (Muhammad and Yeasin 2020, https://arxiv.org/abs/2008.00299): a layer's activations projected onto the first right singular
 * vector v of the matrix A [cells, channels]. Two things are not as in the paper:
 * - A is centred: each channel's mean is taken off. Otherwise v is little but the mean activation, and the map shows what all cells have in
 *   common, not where they differ. https://github.com/jacobgil/pytorch-grad-cam centres, too.
 * - A is of the photo's own cells: the edges of a letterbox's black bars can outweigh everything in the photo.
 * A singular vector has no sign of its own. Here the map rises where the layer responds the more strongly.
 */
import { cellsOf, type Area } from './area.ts'
import { mapSize, type FeatureMap } from './array.ts'
import { dominantEigenvector, gram, multiply, normalized, transposed, type Matrix } from './matrix.ts'

/**
 * @param feature activation `[1, C, H, W]`
 * @param area the cells that v is found from
 * @returns a map `[H, W]`: A·v of every cell, 0 being the area's mean
 * @throws NotAMapError for other shapes
 */
export function eigenCam (feature: FeatureMap, area: Area): Float32Array {
  const { channels, height, width } = mapSize(feature.shape)
  const activations: Matrix = { rows: channels, columns: height * width, data: Float64Array.from(feature.data) }
  const cells = cellsOf(area, width)
  const map = multiply(transposed(activations), rightSingularVector(centred(activations, cells)))
  const mean = cells.reduce((sum, cell) => sum + map[cell]!, 0) / cells.length
  const trend = cells.reduce((sum, cell) => sum + (map[cell]! - mean) * squaredNorm(activations, cell), 0)
  return Float32Array.from(map, value => (value - mean) * (trend < 0 ? -1 : 1))
}

/** Some columns of a matrix; each row less its mean over them. */
function centred ({ rows, columns, data }: Matrix, chosen: Uint32Array): Matrix {
  const result = new Float64Array(rows * chosen.length)
  for (let row = 0; row < rows; row++) {
    const mean = chosen.reduce((sum, column) => sum + data[row * columns + column]!, 0) / chosen.length
    chosen.forEach((column, i) => { result[row * chosen.length + i] = data[row * columns + column]! - mean })
  }
  return { rows, columns: chosen.length, data: result }
}

/** v of A = Mᵀ: the dominant eigenvector of the channels' Gram matrix, or by way of the cells' where they are fewer. */
function rightSingularVector (matrix: Matrix): Float64Array {
  if (matrix.rows <= matrix.columns) return dominantEigenvector(gram(matrix))
  return normalized(multiply(matrix, dominantEigenvector(gram(transposed(matrix)))))
}

function squaredNorm ({ rows, columns, data }: Matrix, column: number): number {
  let sum = 0
  for (let row = 0; row < rows; row++) sum += data[row * columns + column]! ** 2
  return sum
}
