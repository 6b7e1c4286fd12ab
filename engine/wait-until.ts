import { AbortedError } from './errors.ts'

export interface WaitOptions {
  /** When the client stops waiting, by performance.now(). Without one it does not. */
  readonly deadline?: number | undefined
  /** Aborted when the client has left. */
  readonly signal?: AbortSignal | undefined
}

/** Someone who waits. */
export interface Waiter<T> {
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

/** The longest delay that setTimeout takes. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Waits until someone resolves or rejects the waiter, the deadline passes or the signal aborts.
 * @param late makes the error for a deadline that has passed
 * @param enter hands out the waiter, and returns what takes it back; called at once
 * @throws AbortedError, what `late` makes, and what the waiter is rejected with
 */
export function waitUntil<T> (
  { deadline = Infinity, signal }: WaitOptions, late: () => Error, enter: (waiter: Waiter<T>) => () => void
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      leave()
    }
    const waiter: Waiter<T> = {
      resolve: value => { settle(); resolve(value) },
      reject: error => { settle(); reject(error) }
    }
    const onAbort = (): void => waiter.reject(new AbortedError())
    const timer = Number.isFinite(deadline) ? setTimeout(() => waiter.reject(late()), delayUntil(deadline)) : undefined
    const leave = enter(waiter)
    if (signal?.aborted) onAbort()
    else signal?.addEventListener('abort', onAbort)
  })
}

const delayUntil = (deadline: number): number => Math.min(LONGEST_TIMER, Math.max(0, deadline - performance.now()))
