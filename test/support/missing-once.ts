import { register } from 'node:module'

/** Makes the first import of a package fail in this process, as if it were not installed. */
export function missingOnce (name: string): void {
  const hooks = `let isMissing = true
export async function resolve (specifier, context, next) {
  if (specifier !== ${JSON.stringify(name)} || !isMissing) return await next(specifier, context)
  isMissing = false
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
}`
  register(`data:text/javascript,${encodeURIComponent(hooks)}`)
}
