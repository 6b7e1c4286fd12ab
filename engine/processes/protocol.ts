/**
 * The protocol between the main process and its children: calls by name, each answered with a result or a failure. A call and a result
 * may have a body: pieces of bytes, which follow the message as they are.
 */
import type { Failure } from '../errors.ts'
import type { Chunks } from '../results.ts'

/** Main process → child. */
export interface ToChild { readonly id: number, readonly call: string, readonly args: unknown }

/** Child → main process. `ready` comes once. */
export type FromChild =
  | { readonly ready: true }
  | ({ readonly id: number, readonly rss: number } & Answer)

export type Answer = { readonly result: unknown } | { readonly failure: Failure }

/** The calls that a child answers. */
export type Calls = Readonly<Record<string, (args: never, body: Chunks) => Promise<unknown>>>
export type ArgsOf<C extends Calls, K extends keyof C> = Parameters<C[K]>[0]
export type ResultOf<C extends Calls, K extends keyof C> = ReturnType<C[K]> extends Promise<infer Result> ? Result : never

/** A result with a body of Chunks, which is sent separately. */
export const hasBody = (result: unknown): result is { readonly body: Chunks } =>
  typeof result === 'object' && result !== null && 'body' in result
