/**
 * Whether a name matches a glob: `*` matches anything, dots included; every other character matches itself.
 * Linear time: each text between stars is searched once, from left to right, since the first match is always best.
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
