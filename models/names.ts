/** The names in a comma-separated list, without duplicates, in order. */
export function namesIn (text: string): string[] {
  return [...new Set(text.split(',').map(name => name.trim()).filter(name => name !== ''))]
}

/** `a, b or c` */
export const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
