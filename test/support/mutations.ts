/** Numbers in [0, 1). */
type Random = () => number
type Mutation = (bytes: Buffer, random: Random) => Buffer

/** Where formats keep their sizes, tables and flags. */
const HEADER = 300
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]

export const pick = <T>(values: readonly T[], random: Random): T => values[Math.floor(random() * values.length)]!

const between = (min: number, max: number, random: Random): number => min + Math.floor(random() * (max - min))

/** Every second one in the header. */
const place = ({ length }: Buffer, random: Random): number =>
  between(0, Math.max(1, random() < 0.5 ? Math.min(length, HEADER) : length), random)

const MUTATIONS: Record<string, Mutation> = {
  'bits flipped' (bytes, random) {
    for (let i = between(1, 5, random); i > 0; i--) bytes[place(bytes, random)]! ^= 1 << between(0, 8, random)
    return bytes
  },
  'bytes set' (bytes, random) {
    for (let i = between(1, 5, random); i > 0; i--) bytes[place(bytes, random)] = pick([0, 0xff, between(0, 256, random)], random)
    return bytes
  },
  'a number set' (bytes, random) {
    const size = pick([2, 4] as const, random)
    const value = pick(EXTREMES, random) % 2 ** (8 * size)
    const start = Math.min(place(bytes, random), bytes.length - size)
    if (start < 0) return bytes
    bytes[random() < 0.5 ? 'writeUIntBE' : 'writeUIntLE'](value, start, size)
    return bytes
  },
  'cut short': (bytes, random) => bytes.subarray(0, place(bytes, random)),
  'a chunk twice' (bytes, random) {
    const [start, end] = chunk(bytes, random)
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)])
  },
  'a chunk missing' (bytes, random) {
    const [start, end] = chunk(bytes, random)
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
  },
  'a chunk elsewhere' (bytes, random) {
    const [start, end] = chunk(bytes, random)
    bytes.copy(bytes, place(bytes, random), start, end)
    return bytes
  }
}

function chunk (bytes: Buffer, random: Random): [start: number, end: number] {
  const start = place(bytes, random)
  return [start, Math.min(bytes.length, start + between(1, 400, random))]
}

/** A copy with one kind of damage, or up to three, and what was done to it. */
export function mutate (original: Buffer, random: Random): { bytes: Buffer, story: string } {
  const names = Array.from({ length: pick([1, 1, 2, 3], random) }, () => pick(Object.keys(MUTATIONS), random))
  const bytes = names.reduce<Buffer>((bytes, name) => MUTATIONS[name]!(bytes, random), Buffer.from(original))
  return { bytes, story: names.join(', ') }
}
