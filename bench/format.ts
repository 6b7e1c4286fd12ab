/** Formatting of values in reports. */

/** Three significant digits; whole numbers in full; a dash for null. */
export function show (value: number | null): string {
  if (value === null) return '–'
  return Number.isInteger(value) || value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2)
}

/** `0.93 … 0.95`. */
export const range = (ends: readonly [number, number], decimals: number): string => ends.map(end => end.toFixed(decimals)).join(' … ')
