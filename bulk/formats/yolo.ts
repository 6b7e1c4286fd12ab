import { extname } from 'node:path'
import { isImageName } from '../../engine/image/image-name.ts'
import { rounded } from '../../engine/numbers.ts'
import { hasFailed, type Line, type ResultLine } from '../line.ts'
import { outputPath } from '../outputs/output-path.ts'
import type { OutputStore } from '../outputs/store.ts'
import type { Format, Lines } from './format.ts'
import { HashSet } from './hash-set.ts'

const FOLDER = 'labels'
const CLASSES = 'classes.txt'
const DIGITS = 6
/** Files that are written at once: each waits for the disk, or for S3. */
const AT_ONCE = 32

/**
 * A file per image, as POST /detect?format=yolo answers: `class x y width height confidence`, x and y of the center, as fractions of the
 * image's size. Images without objects have an empty file, failed ones none.
 * https://docs.ultralytics.com/datasets/detect/
 */
export const yolo: Format = {
  name: 'yolo',
  path: `${FOLDER}/`,
  files: [],
  async write (lines, store, { labels }) {
    const shared = await sharedStems(lines)
    await store.write(CLASSES, labels.map(label => `${label}\n`).join(''))
    let writes: Array<Promise<void>> = []
    for await (const line of lines()) {
      writes.push(writeLabels(line, labelsPath(line.file, shared), store))
      if (writes.length < AT_ONCE) continue
      await Promise.all(writes)
      writes = []
    }
    await Promise.all(writes)
    return []
  }
}

/** Names without extension that several images have. */
async function sharedStems (lines: Lines): Promise<HashSet> {
  const [seen, shared] = [new HashSet(), new HashSet()]
  for await (const { file } of lines()) {
    if (!seen.add(stem(file))) shared.add(stem(file))
  }
  return shared
}

/** `labels/a/b.txt` for `a/b.jpg`, or `labels/a/b.jpg.txt` if `labels/a/b.txt` could be another image's. */
function labelsPath (file: string, shared: HashSet): string {
  const short = stem(file)
  return outputPath(FOLDER, shared.has(short) || isImageName(short) ? file : short, '.txt')
}

/** `a/b` for `a/b.jpg`. Only extensions of images count. */
const stem = (file: string): string => isImageName(file) ? file.slice(0, -extname(file).length) : file

async function writeLabels (line: Line, path: string, store: OutputStore): Promise<void> {
  if (hasFailed(line)) await store.remove(path) // that of an earlier content
  else await store.write(path, toYolo(line))
}

function toYolo ({ image: { width, height }, detections }: ResultLine): string {
  return detections.map(({ class_id: classId, score, box: { x1, y1, x2, y2 } }) => {
    const box = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height]
    return `${[classId, ...[...box, score].map(value => rounded(value, DIGITS))].join(' ')}\n`
  }).join('')
}
