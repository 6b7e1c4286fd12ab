/** The names in a comma-separated list, without duplicates, in order. */
export function namesIn (text: string): string[] {
  return [...new Set(text.split(',').map(name => name.trim()).filter(name => name !== ''))]
}
