/** Configs of every architecture, made from what it declares, for tests to build. */
import { z } from 'zod'

interface Spec { readonly name: string, readonly options: Readonly<Record<string, z.ZodType>> }

/**
 * What a model file of our own has to say of a part at least: of an option that has no default, the first of the
 * possible values.
 */
export function leastOptions ({ name, options }: Spec): Record<string, unknown> {
  const { required = [], properties = {} } = z.toJSONSchema(z.object(options), { io: 'input' })
  return { name, ...Object.fromEntries(required.map(key => [key, (properties[key] as { enum: unknown[] }).enum[0]])) }
}
