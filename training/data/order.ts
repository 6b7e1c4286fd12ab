import { random, shuffled } from '../random.ts'

/**
 * The photos of each batch of an epoch, in an order that depends on the seed. If the last batch is not full, it is filled up from the
 * the front of the order, so that every photo is seen.
 */
export function epochBatches (count: number, batch: number, seed: number, epoch: number): number[][] {
  const order = shuffled(Array.from({ length: count }, (_, i) => i), random(seed, 'order', epoch))
  return Array.from({ length: Math.ceil(count / batch) }, (_, i) =>
    Array.from({ length: batch }, (_, k) => order[(i * batch + k) % count]!))
}
