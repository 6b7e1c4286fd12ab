import { node } from '../node.ts'
import * as op from '../ops.ts'
import { scalar, type Tensor } from '../tensor.ts'
import { unbroadcast } from './broadcasting.ts'
import { single, type Gradients, type Rule, type Rules } from './rule.ts'

/** Rules of arithmetic by elements. Gradients of operands that were broadcast are summed. */
export const ARITHMETIC_RULES: Rules = {
  /** y = a + b: g, g */
  Add: single((g, { inputs }) => inputs.map(x => unbroadcast(g, x!.shape))),
  /** y = Σ xᵢ: g for each */
  Sum: single((g, { inputs }) => inputs.map(x => unbroadcast(g, x!.shape))),
  /** y = a − b: g, −g */
  Sub: binary((g, a, b) => [unbroadcast(g, a.shape), negative(unbroadcast(g, b.shape))]),
  /** y = a·b: g·b, g·a */
  Mul: binary((g, a, b) => [unbroadcast(op.mul(g, b), a.shape), unbroadcast(op.mul(g, a), b.shape)]),
  /** y = a/b: g/b, −g/b·y */
  Div: binary((g, a, b, y) => {
    const perA = divide(g, b)
    return [unbroadcast(perA, a.shape), negative(unbroadcast(op.mul(perA, y), b.shape))]
  }),
  /** y = min(a, b): g for the smaller, half of it for each where they are equal */
  Min: binary((g, a, b) => parted(g, a, b, 'Less')),
  /** y = max(a, b): g for the larger, half of it for each where they are equal */
  Max: binary((g, a, b) => parted(g, a, b, 'Greater')),
  /** y = −x: −g */
  Neg: single(g => negative(g)),
  /** y = |x|: g·sign(x), 0 at 0 */
  Abs: single((g, { inputs: [x] }) => op.mul(g, node('Sign', [x], x!.shape))),
  /** y = √x: g/(2y) */
  Sqrt: single((g, { outputs: [y] }) => divide(g, op.mul(y!, scalar(2)))),
  /** y = eˣ: g·y */
  Exp: single((g, { outputs: [y] }) => op.mul(g, y!)),
  /** y = ln x: g/x */
  Log: single((g, { inputs: [x] }) => divide(g, x!)),
  /** y = xᵖ: g·p·xᵖ⁻¹. The exponent counts as a constant. */
  Pow: single((g, { inputs: [x, p] }) =>
    [unbroadcast(op.mul(g, op.mul(p!, power(x!, op.sub(p!, scalar(1))))), x!.shape)]),
  /** y = c ? a : b: g where c, g where not c */
  Where: single((g, { inputs: [condition, a, b] }) => [
    undefined, unbroadcast(where(condition!, g, scalar(0)), a!.shape), unbroadcast(where(condition!, scalar(0), g), b!.shape)
  ]),
  /** y = x repeated: the sum over the repeats */
  Expand: single((g, { inputs: [x] }) => unbroadcast(g, x!.shape)),
  /** Steps have no gradient. */
  Floor: none,
  Ceil: none,
  Round: none,
  Sign: none
}

function none (): Gradients { return [] }

function binary (rule: (g: Tensor, a: Tensor, b: Tensor, y: Tensor) => Gradients): Rule {
  return ({ inputs: [a, b], outputs: [y] }, [g]) => rule(g!, a!, b!, y!)
}

export const negative = (x: Tensor): Tensor => node('Neg', [x], x.shape)
export const divide = (a: Tensor, b: Tensor): Tensor => node('Div', [a, b], op.mul(a, b).shape)
const power = (x: Tensor, exponent: Tensor): Tensor => node('Pow', [x, exponent], op.mul(x, exponent).shape)
const where = (condition: Tensor, a: Tensor, b: Tensor): Tensor =>
  node('Where', [condition, a, b], op.mul(condition, op.mul(a, b)).shape)

/** The gradients of the winner of a comparison and of the other. */
function parted (g: Tensor, a: Tensor, b: Tensor, comparison: 'Less' | 'Greater'): Gradients {
  const wins = (x: Tensor, y: Tensor, by: string): Tensor => op.toFloat(node(by, [x, y], g.shape, {}, 'bool'))
  const shareOfA = op.mul(op.add(wins(a, b, comparison), wins(a, b, `${comparison}OrEqual`)), scalar(0.5))
  const ofA = op.mul(g, shareOfA)
  return [unbroadcast(ofA, a.shape), unbroadcast(op.sub(g, ofA), b.shape)]
}
