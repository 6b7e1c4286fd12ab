import type { ParquetWriter } from 'hyparquet-writer'
import { hasFailed, type Line } from '../line.ts'
import type { Format } from './format.ts'

const PATH = 'results.parquet'
/** Rows of a row group: those in memory. DuckDB and Arrow read groups in parallel; theirs have 122,880 and a million. */
const GROUP = 100_000

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const
const int = { type: 'INT32' } as const
const float = { type: 'FLOAT' } as const
/** Each column's type; all but the first can be null. */
const COLUMNS = {
  file: text,
  width: int,
  height: int,
  label: text,
  class_id: int,
  score: float,
  x1: float,
  y1: float,
  x2: float,
  y2: float,
  error: text
} as const

type ColumnName = keyof typeof COLUMNS
type Row = Readonly<Partial<Record<ColumnName, string | number>>>
type Columns = Record<ColumnName, Array<string | number | null>>

const NAMES = Object.keys(COLUMNS) as ColumnName[]
const SCHEMA: ConstructorParameters<typeof ParquetWriter>[0]['schema'] = [
  { name: 'results', num_children: NAMES.length },
  ...NAMES.map(name => ({ name, repetition_type: name === 'file' ? 'REQUIRED' as const : 'OPTIONAL' as const, ...COLUMNS[name] }))
]

/** A row per object; an image without objects has one of its own, and a failed one has one with the code of its error. */
export const parquet: Format = {
  name: 'parquet',
  path: PATH,
  files: [PATH],
  async write (lines, store) {
    await store.stream(PATH, parquetFile(lines()))
    return []
  }
}

async function * parquetFile (lines: AsyncIterable<Line>): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer')
  const bytes = new ByteWriter()
  const file = new ParquetWriter({ writer: bytes, schema: SCHEMA, createdBy: 'nanodet-server' })
  const taken = (): Uint8Array => {
    const chunk = bytes.getBytes().slice()
    bytes.index = 0
    return chunk
  }
  for await (const columns of groups(lines)) {
    await writeGroup(file, columns)
    yield taken()
  }
  await file.finish()
  yield taken()
}

function writeGroup (file: ParquetWriter, columns: Columns): void | Promise<void> {
  const columnData = NAMES.map(name => ({ name, data: columns[name] }))
  return file.write({ columnData, rowGroupSize: columns.file.length })
}

async function * groups (lines: AsyncIterable<Line>): AsyncGenerator<Columns> {
  let columns = emptyColumns()
  for await (const line of lines) {
    for (const row of toRows(line)) {
      for (const name of NAMES) columns[name].push(row[name] ?? null)
    }
    if (columns.file.length < GROUP) continue
    yield columns
    columns = emptyColumns()
  }
  if (columns.file.length > 0) yield columns
}

const emptyColumns = () => Object.fromEntries(NAMES.map(name => [name, []])) as unknown as Columns

function toRows (line: Line): Row[] {
  const { file } = line
  if (hasFailed(line)) return [{ file, error: line.error.code }]
  const { image, detections } = line
  if (detections.length === 0) return [{ file, ...image }]
  return detections.map(({ label, class_id: classId, score, box }) => ({ file, ...image, label, class_id: classId, score, ...box }))
}
