export type Floats = Float32Array | Float64Array

/** Changes parameters by their gradients. Both are flat arrays. */
export interface Optimizer<A extends Floats = Float32Array> {
  /** All of its state, by name. */
  readonly arrays: ReadonlyMap<string, A>
  /**
   * Updates the parameters in place.
   * @param step from 1
   */
  step (parameters: A, gradient: A, rate: number, step: number): void
}
