import { rounded } from '../../engine/numbers.ts'
import { SCORING_DIGITS } from '../../engine/reply.ts'
import { hasFailed, type ResultLine } from '../line.ts'
import { annotatedIds, numberedIds, type CocoIds } from './coco-ids.ts'
import type { Format, Lines } from './format.ts'

const RESULTS = 'results.coco.json'
/** What the results are about: pycocotools loads it before them. */
const IMAGES = 'images.coco.json'

/**
 * COCO's results: boxes are x, y, width, height in pixels. Without annotations, the images and categories that their ids stand for, too.
 * https://cocodataset.org/#format-results
 */
export const coco: Format = {
  name: 'coco',
  path: RESULTS,
  files: [RESULTS, IMAGES],
  async write (lines, store, { labels, annotations }) {
    const ids = annotations === undefined ? numberedIds(labels) : await annotatedIds(annotations, labels)
    if (annotations === undefined) await store.stream(IMAGES, imagesFile(lines, ids))
    else await store.remove(IMAGES) // that of an earlier conversion has other ids
    await store.stream(RESULTS, list(each(lines, (line, number) => results(line, ids, number))))
    return ids.notes()
  }
}

/** What each image adds to a list. */
async function * each (lines: Lines, toItems: (line: ResultLine, number: number) => readonly object[]): AsyncGenerator<readonly object[]> {
  let number = 0
  for await (const line of lines()) {
    number += 1
    if (!hasFailed(line)) yield toItems(line, number)
  }
}

function results ({ file, detections }: ResultLine, ids: CocoIds, number: number): object[] {
  const imageId = ids.image(file, number)
  if (imageId === undefined) return []
  return detections.flatMap(({ class_id: classId, score, box: { x1, y1, x2, y2 } }) => {
    const categoryId = ids.category(classId)
    const bbox = [x1, y1, x2 - x1, y2 - y1].map(value => rounded(value, SCORING_DIGITS.box))
    return categoryId === undefined ? [] : [{ image_id: imageId, category_id: categoryId, bbox, score }]
  })
}

/** Older and newer versions of pycocotools expect `info`. */
async function * imagesFile (lines: Lines, { categories }: CocoIds): AsyncGenerator<string> {
  yield '{"info": {"description": "nanodet detect"},\n"images": '
  yield * list(each(lines, ({ file, image: { width, height } }, id) => [{ id, file_name: file, width, height }]))
  yield `,\n"annotations": [],\n"categories": ${JSON.stringify(categories)}}\n`
}

/** A JSON list, an item a line. */
async function * list (groups: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  let before = '['
  for await (const items of groups) {
    if (items.length === 0) continue
    yield `${before}\n${items.map(item => JSON.stringify(item)).join(',\n')}`
    before = ','
  }
  yield before === '[' ? '[]' : '\n]'
}
