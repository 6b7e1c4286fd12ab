/**
 * Whether a name is one that a glob stands for: `*` is anything, dots included, and every other character is itself.
 * Each text between stars is looked for once, from left to right: where the first place fits, a later one gains nothing.
 */
export function globMatcher (glob: string): (name: string) => boolean {
  const [start = '', ...rest] = glob.split('*')
  const end = rest.pop()
  if (end === undefined) return name => name === glob
  const between = rest.filter(text => text !== '')
  return name => {
    const last = name.length - end.length
    if (last < start.length || !name.startsWith(start) || !name.endsWith(end)) return false
    let from = start.length
    return between.every(text => {
      const found = name.indexOf(text, from)
      from = found + text.length
      return found !== -1 && from <= last
    })
  }
}
