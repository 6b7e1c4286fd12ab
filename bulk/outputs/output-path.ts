/** Where the files of an image go below the output folder. */
import { createHash } from 'node:crypto'
import { isImageName } from '../../engine/image/image-name.ts'

/** File systems take 255 bytes per name; endings come on top. */
const MAX_BYTES = 200
/** S3 takes 1,024 bytes per key, Linux 4,096 per path. */
const MAX_PATH = 800
// eslint-disable-next-line no-control-regex
const SPECIAL = /[\0-\x1f\x7f%\\/:*?"<>|]|[. ]$/g
/** Bytes of a file name that are not UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/gu
/** First folders with a meaning of their own. */
const ROOTS = ['root', 's3']
/** Objects that are cut out of an image are in a folder with its name: `a.jpg/0-person.jpg`. */
const OBJECT = /^\d+-.*\.jpg$/

/**
 * The path of an image's file: `drawings/photos/a/b.jpg.jpg`. Other names give other paths, except `./a.jpg` and `a.jpg`, which are one
 * file. Absolute paths are below `root/`, those of S3 below `s3/BUCKET/`. What a file system can't hold, or would follow, is escaped with
 * a percent sign: `..` is `%..`. A path that is too long becomes a hash.
 * @param ending with its dot; appended, since `a.jpg` and `a.png` are two images
 */
export function outputPath (folder: string, name: string, ending: string): string {
  const all = partsOf(name)
  // A file of another image may have the name of a folder
  const parts = ending === '' ? all.map(apartFromObjects) : all.map((part, i) => i < all.length - 1 && part.endsWith(ending) ? `${part}%` : part)
  const path = `${parts.join('/')}${ending}`
  return `${folder}/${Buffer.byteLength(path) <= MAX_PATH ? path : `%long/${hashOf(path)}${ending}`}`
}

/** An archive may have an image `a.jpg` and another one in a folder of this name. */
const apartFromObjects = (part: string, i: number, parts: readonly string[]): string =>
  i > 0 && OBJECT.test(part) && isImageName(parts[i - 1]!) ? `${part}%` : part

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

function partsOf (name: string): string[] {
  if (name.startsWith('s3://')) return ['s3', ...name.slice(5).split('/').map(escapePart)]
  if (name.startsWith('/')) return ['root', ...name.slice(1).split('/').map(escapePart)]
  const [first, ...rest] = name.replace(/^(\.\/+)+/, '').split('/').map(escapePart)
  return [ROOTS.includes(first!) ? `%${first}` : first!, ...rest]
}

/** A name that any file system takes, different for different parts. */
export function escapePart (part: string): string {
  if (part === '' || part === '.' || part === '..') return `%${part}`
  const escaped = part.replaceAll(SPECIAL, char => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replaceAll(LONE_SURROGATE, char => `%u${char.charCodeAt(0).toString(16)}`)
  const bytes = Buffer.from(escaped)
  if (bytes.length <= MAX_BYTES) return escaped
  return `${bytes.subarray(0, MAX_BYTES - 36).toString().replaceAll('\ufffd', '')}%~${hashOf(escaped)}`
}
