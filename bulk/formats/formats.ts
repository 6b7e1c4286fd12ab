/** What a run's lines can be converted to. */
import { coco } from './coco.ts'
import { csv } from './csv.ts'
import type { Format } from './format.ts'
import { parquet } from './parquet.ts'
import { yolo } from './yolo.ts'

/** By the names of --format. */
export const FORMATS = { coco, csv, yolo, parquet } as const satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS
export const FORMAT_NAMES = Object.keys(FORMATS) as [FormatName, ...FormatName[]]

/** Files of all formats that state a whole run. */
export const FORMAT_FILES = Object.values<Format>(FORMATS).flatMap(({ files }) => files)
