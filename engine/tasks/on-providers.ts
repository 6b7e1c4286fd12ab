import type { Precision } from '../../models/calibration-table.ts'
import { CPU } from '../providers.ts'
import type { Running } from '../results.ts'
import { Session } from '../session.ts'
import type { BuildOptions } from './task.ts'

/** A compiled network. */
export interface Networks {
  /** For the CPU. */
  readonly onnx: Uint8Array
  /** The precision of that, by default fp32. */
  readonly precision?: Precision
  /** For other execution providers, in fp32; by default the same. */
  readonly portable?: Uint8Array
}

/**
 * Loads a network on the first execution provider that can run it.
 * @param use makes the session ready, by first runs; the session is released if it can't
 * @param skipped the providers that were tried before, each with the reason why they can't
 * @throws what the last provider fails with
 */
export async function onProviders<T> (
  networks: Networks, options: BuildOptions, use: (session: Session, running: Running) => Promise<T>, skipped: readonly string[] = []
): Promise<T> {
  const { threads, providers: [provider = CPU, ...others] = [] } = options
  try {
    return await on(provider, networks, threads, (session, precision) =>
      use(session, { provider, precision, isBatched: session.isBatched, skipped }))
  } catch (error) {
    if (others.length === 0) throw error
    return await onProviders(networks, { threads, providers: others }, use, [...skipped, `${provider}: ${(error as Error).message}`])
  }
}

async function on<T> (
  provider: string, { onnx, precision = 'fp32', portable = onnx }: Networks, threads: number, use: (session: Session, precision: Precision) => Promise<T>
): Promise<T> {
  const isCpu = provider === CPU
  const session = await Session.create(isCpu ? onnx : portable, threads, { provider })
  try {
    return await use(session, isCpu ? precision : 'fp32')
  } catch (error) {
    await session.release()
    throw error
  }
}
