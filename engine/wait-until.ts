import { AbortedError } from './errors.ts'

export interface WaitOptions {
  /** When the client stops waiting, by performance.now(); never by default. */
  readonly deadline?: number | undefined
  /** Aborted when the client has left. */
  readonly signal?: AbortSignal | undefined
}

/** A waiter. */
export interface Waiter<T> {
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

/** Maximum delay of setTimeout. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Waits until the waiter is resolved or rejected, the deadline passes or the signal aborts.
 * @param late makes the error for a missed deadline
 * @param enter registers the waiter, and returns a function that removes it; called synchronously
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
