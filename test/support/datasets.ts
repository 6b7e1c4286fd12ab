/** Photos with objects as seen by eye, to measure models on. */
import type { Annotation, CocoBox, GroundTruth } from '../../cli/eval/ground-truth.ts'
import { photo } from './files.ts'

const PERSON = 1
const TIE = 32
const CELL_PHONE = 77

const box = (id: number, imageId: number, categoryId: number, bbox: CocoBox): Annotation & { id: number } =>
  ({ id, image_id: imageId, category_id: categoryId, bbox, area: bbox[2] * bbox[3] })

/** The images of PHOTO_TRUTH. */
export const PHOTOS = { 'me.jpg': photo('sample-me.jpg'), 'three.jpg': photo('sample1.jpg'), 'phone.jpg': photo('sample2.jpg') }

/** With COCO's own category ids, which have gaps. */
export const PHOTO_TRUTH = {
  images: [{ id: 42, file_name: 'me.jpg' }, { id: 7, file_name: 'three.jpg' }, { id: 8, file_name: 'phone.jpg' }],
  annotations: [
    box(1, 42, PERSON, [40, 70, 655, 628]),
    box(2, 42, TIE, [262, 538, 98, 162]),
    box(3, 7, PERSON, [190, 245, 540, 1030]),
    box(4, 7, PERSON, [700, 300, 560, 975]),
    box(5, 7, PERSON, [1205, 170, 610, 1100]),
    box(6, 8, CELL_PHONE, [70, 1255, 230, 95])
  ],
  categories: [{ id: PERSON, name: 'person' }, { id: TIE, name: 'tie' }, { id: CELL_PHONE, name: 'cell phone' }]
} satisfies GroundTruth
