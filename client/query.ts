/** `?a=1&b=2`, without undefined parameters; empty if none are left. A list becomes `a,b`. */
export function queryOf (parameters: Readonly<Record<string, unknown>> = {}): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))
  return given.length > 0 ? `?${query}` : ''
}
