import type { Floats, Optimizer } from './floats.ts'

export interface SgdOptions {
  readonly momentum: number
  /** Added to each gradient, times the parameter. Norms and biases decay, too, as upstream. */
  readonly weightDecay: number
}

/** Stochastic gradient descent with momentum, as torch.optim.SGD has it. */
export class Sgd<A extends Floats> implements Optimizer<A> {
  readonly arrays: ReadonlyMap<string, A>
  readonly #velocity: A
  readonly #options: SgdOptions

  /** @param velocity zeros at first, as many as there are parameters */
  constructor (velocity: A, options: SgdOptions) {
    this.#velocity = velocity
    this.#options = options
    this.arrays = new Map([['velocity', velocity]])
  }

  step (parameters: A, gradient: A, rate: number, step: number): void {
    const { weightDecay } = this.#options
    const momentum = step === 1 ? 0 : this.#options.momentum
    const velocity = this.#velocity
    for (let i = 0; i < parameters.length; i++) {
      const v = momentum * velocity[i]! + gradient[i]! + weightDecay * parameters[i]!
      velocity[i] = v
      parameters[i] = parameters[i]! - rate * v
    }
  }
}
