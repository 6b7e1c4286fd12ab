import { product } from '../dim.ts'
import { node } from '../node.ts'
import * as op from '../ops.ts'
import { scalar, type Tensor } from '../tensor.ts'
import { unbroadcast } from './broadcasting.ts'
import { swapLast } from './dense.ts'
import { sizesOf, type Rules } from './rule.ts'

/** Rules of matrix products. onnxruntime fuses the transpositions. */
export const PRODUCT_RULES: Rules = {
  /** Y = A·B: G·Bᵀ, Aᵀ·G */
  MatMul: ({ inputs: [a, b] }, [g], [wantsA, wantsB]) => [
    wantsA ? unbroadcast(op.matmul(g!, swapLast(b!)), a!.shape) : undefined,
    wantsB ? ofRight(a!, b!, g!) : undefined
  ],
  /** Y = α·A·B + β·C, A and B transposed or not: α·G·Bᵀ, α·Aᵀ·G, β·G */
  Gemm: ({ inputs: [a, b, c], attributes }, [g], [wantsA, wantsB, wantsC]) => {
    const [alpha, beta] = ['alpha', 'beta'].map(name => (attributes[name] as { readonly float: number } | undefined)?.float ?? 1) as [number, number]
    const [isATransposed, isBTransposed] = [attributes['transA'] === 1, attributes['transB'] === 1]
    return [
      wantsA ? inOrder(isATransposed, [g!, false], [b!, !isBTransposed], alpha, a!) : undefined,
      wantsB ? inOrder(isBTransposed, [a!, !isATransposed], [g!, false], alpha, b!) : undefined,
      wantsC ? unbroadcast(beta === 1 ? g! : op.mul(g!, scalar(beta)), c!.shape) : undefined
    ]
  }
}

/** One product over all rows where B is one matrix: then the sum over the axes before it is part of the product. */
function ofRight (a: Tensor, b: Tensor, g: Tensor): Tensor {
  if (b.rank > 2) return unbroadcast(op.matmul(swapLast(a), g), b.shape)
  const rows = (x: Tensor): Tensor =>
    op.reshape(x, [product(sizesOf(x).slice(0, -1)), Number(x.dim(-1))])
  return op.matmul(swapLast(rows(a)), rows(g))
}

/** A matrix, and whether it is read transposed. */
type Factor = readonly [matrix: Tensor, isTransposed: boolean]

/** α·A·B, or its transpose Bᵀ·Aᵀ. */
function inOrder (isTurned: boolean, a: Factor, b: Factor, alpha: number, { shape }: Tensor): Tensor {
  const [[left, transA], [right, transB]] = isTurned ? [turned(b), turned(a)] : [a, b]
  return node('Gemm', [left, right], shape, { alpha: { float: alpha }, transA: Number(transA), transB: Number(transB) })
}

const turned = ([matrix, isTransposed]: Factor): Factor => [matrix, !isTransposed]
