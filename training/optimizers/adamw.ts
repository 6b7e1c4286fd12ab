import type { Floats, Optimizer } from './floats.ts'

export interface AdamWOptions {
  /** Share of each parameter that a step takes away, times the rate. Norms and biases decay, too, as upstream. */
  readonly weightDecay: number
  /** Decays of the running means of gradients and of their squares. */
  readonly betas?: readonly [number, number]
  readonly epsilon?: number
}

/** Decoupled Weight Decay Regularization. https://arxiv.org/abs/1711.05101, computed as by torch.optim.AdamW. */
export class AdamW<A extends Floats> implements Optimizer<A> {
  readonly arrays: ReadonlyMap<string, A>
  readonly #mean: A
  readonly #square: A
  readonly #options: Required<AdamWOptions>

  /** @param state running means, zeros at first, as many as there are parameters */
  constructor ({ mean, square }: { mean: A, square: A }, { weightDecay, betas = [0.9, 0.999], epsilon = 1e-8 }: AdamWOptions) {
    this.#mean = mean
    this.#square = square
    this.#options = { weightDecay, betas, epsilon }
    this.arrays = new Map([['mean', mean], ['square', square]])
  }

  step (parameters: A, gradient: A, rate: number, step: number): void {
    const { weightDecay, betas: [beta1, beta2], epsilon } = this.#options
    const [mean, square] = [this.#mean, this.#square]
    const kept = 1 - rate * weightDecay
    const size = rate / (1 - beta1 ** step)
    const scale = 1 / Math.sqrt(1 - beta2 ** step)
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i]!
      const m = beta1 * mean[i]! + (1 - beta1) * g
      const v = beta2 * square[i]! + (1 - beta2) * g * g
      mean[i] = m
      square[i] = v
      parameters[i] = parameters[i]! * kept - size * m / (Math.sqrt(v) * scale + epsilon)
    }
  }
}
