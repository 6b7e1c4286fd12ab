const UNITS = ['bytes', 'kB', 'MB', 'GB']
const THOUSAND = 1000

/** `3.9 MB` */
export function sizeText (bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)))
  return `${power === 0 ? bytes : (bytes / THOUSAND ** power).toFixed(1)} ${UNITS[power]}`
}
