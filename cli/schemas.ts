/** What parsing, help and shell completion read from an option's schema. */
import { z } from 'zod'

/** Short forms of flags, the same in every command. */
export const SHORT_FLAGS: Readonly<Record<string, string>> = { help: 'h', model: 'm', out: 'o', quiet: 'q' }

interface Meta { readonly description?: string, readonly value?: string }

/** `scoreThreshold` → `score-threshold` */
export const flagOf = (name: string): string => name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/** Whether an option takes no value. */
export const isFlag = (schema: z.ZodType): boolean => innermost(schema) instanceof z.ZodBoolean

/** Whether an option may be given several times. */
export const isList = (schema: z.ZodType): boolean => innermost(schema) instanceof z.ZodArray

/** The values that an option may have, if they can be listed. */
export function choicesOf (schema: z.ZodType): string[] {
  const inner = innermost(schema)
  return inner instanceof z.ZodEnum ? inner.options.map(String) : []
}

/** Description and placeholder of an option, with its default. */
export function metaOf (schema: z.ZodType): Meta {
  const own = schema.meta() as Meta | undefined
  if (own?.description !== undefined) return own
  return isOptional(schema) ? metaOf(schema.unwrap() as z.ZodType) : {}
}

/** Whether a command needs an option. */
export const isRequired = (schema: z.ZodType): boolean => !isOptional(schema)

/** What an option is if it is not given; undefined if nothing. */
export const defaultOf = (schema: z.ZodType): unknown =>
  schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined

const innermost = (schema: z.ZodType): z.ZodType =>
  isOptional(schema) ? innermost(schema.unwrap() as z.ZodType) : schema

const isOptional = (schema: z.ZodType): schema is z.ZodDefault | z.ZodOptional =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
