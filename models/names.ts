/** The names in a list that commas separate, each once, in their order. */
export function namesIn (text: string): string[] {
  return [...new Set(text.split(',').map(name => name.trim()).filter(name => name !== ''))]
}
