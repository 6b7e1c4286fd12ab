import { broadcastPlaces, commonDims, countOf, expand, operator, range, real, whole, type Value } from './value.ts'

/** data[to + i, k] += Σ a[i, j] · b[j, k] */
function multiply (
  a: Float64Array, b: Float64Array, [rows, inner, columns]: readonly [number, number, number], data: Float64Array, to = 0
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < inner; j++) {
      const factor = a[i * inner + j]!
      for (let k = 0; k < columns; k++) data[to + i * columns + k]! += factor * b[j * columns + k]!
    }
  }
}

/** Matrices in the last two axes; the axes before them broadcast. */
const matMul = operator(([a, b]) => {
  const [rows, inner] = a!.dims.slice(-2) as [number, number]
  const columns = b!.dims.at(-1)!
  const lead = commonDims([a!.dims.slice(0, -2), b!.dims.slice(0, -2)])
  const matrix = ({ dims, data }: Value): Float64Array[] => {
    const size = countOf(dims.slice(-2))
    return Array.from(broadcastPlaces(dims.slice(0, -2), lead), i => data.subarray(i * size, (i + 1) * size))
  }
  const [left, right] = [matrix(a!), matrix(b!)]
  const data = new Float64Array(countOf(lead) * rows * columns)
  left.forEach((matrix, i) => { multiply(matrix, right[i]!, [rows, inner, columns], data, i * rows * columns) })
  return { dims: [...lead, rows, columns], data }
})

function transposed ({ dims: [rows, columns], data }: Value): Value {
  const at = (i: number): number => data[(i % rows!) * columns! + Math.floor(i / rows!)]!
  return { dims: [columns!, rows!], data: Float64Array.from(range(data.length), at) }
}

/** alpha · A·B + beta · C */
const gemm = operator(([a, b, c], node) => {
  const left = whole(node, 'transA', 0) === 1 ? transposed(a!) : a!
  const right = whole(node, 'transB', 0) === 1 ? transposed(b!) : b!
  const dims = [left.dims[0]!, right.dims[1]!]
  const data = new Float64Array(countOf(dims))
  multiply(left.data, right.data, [dims[0]!, left.dims[1]!, dims[1]!], data)
  const added = c && expand(c, dims).data
  const [alpha, beta] = [real(node, 'alpha', 1), real(node, 'beta', 1)]
  return { dims, data: data.map((value, i) => alpha * value + beta * (added?.[i] ?? 0)) }
})

export const PRODUCTS = { Gemm: gemm, MatMul: matMul }
