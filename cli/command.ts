import type { z } from 'zod'
import type { Io } from './io.ts'

/** Options by name in camelCase; on the command line in kebab-case. Their descriptions are the help text. */
export type OptionShape = Readonly<Record<string, z.ZodType>>

/** Positional arguments. */
export interface ArgumentSpec<A> {
  /** As the usage line shows them: `PHOTO...` */
  readonly usage: string
  readonly schema: z.ZodType<A, string[]>
}

/** Parsed and checked arguments. */
export interface Request<O extends OptionShape, A> {
  readonly options: { readonly [K in keyof O]: z.output<O[K]> }
  readonly args: A
}

/** A subcommand: everything that parsing, help and shell completion need. */
export interface Command<O extends OptionShape = OptionShape, A = unknown> {
  /** As it is called: `detect`, `models pull`. */
  readonly name: string
  /** One sentence, without a period at the end. */
  readonly summary: string
  readonly args?: ArgumentSpec<A>
  readonly options: O
  /** More paragraphs of help. */
  readonly details?: string
  readonly examples?: readonly string[]
  /** In place of the common line about exit codes. */
  readonly exitCodes?: string
  /** Resolves to the exit code; 0 if it resolves to nothing. @throws CommandError */
  readonly run: (request: Request<O, A>, io: Io) => Promise<number | void>
}

/** Infers the types of a command's options and arguments. */
export const command = <const O extends OptionShape, A = readonly string[]>(definition: Command<O, A>): Command<O, A> =>
  definition

/** Any command: only its own `run` knows the types of its options. */
export type AnyCommand = Command<any, any>
