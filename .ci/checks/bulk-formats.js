/**
 * Converts a run over coco128 and a few odd files, and reads the files with other programs: COCO's results with the scorer of
 * `nanodet eval`, whose AP must be the same; Parquet with DuckDB; CSV and YOLO labels with Python.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { outputPath } from '../../dist/bulk/outputs/output-path.js'
import { cocoScores } from '../../dist/cli/eval/coco-ap.js'
import { readCocoFile } from '../../dist/cli/eval/coco-file.js'
import { require, run } from '../clients.js'

const [IMAGES, ANNOTATIONS] = ['../shared/coco128/images', '../shared/coco128/instances.json']
const [FOUND, BROKEN, NOTHING] = ['a "b", c.jpg', 'broken.jpg', 'nothing.bmp']
/** Milliseconds. */
const PATIENCE = 300_000
const READ = `
import csv, json, os, sys
out = sys.argv[1]
rows = [row for row in csv.DictReader(open(f'{out}/results.csv', newline=''))]
labels = {}
for folder, _, files in os.walk(f'{out}/labels'):
    for name in files:
        path = os.path.join(folder, name)
        labels[os.path.relpath(path, f'{out}/labels')] = [[float(value) for value in row.split()] for row in open(path)]
json.dump({'rows': rows, 'labels': labels, 'classes': open(f'{out}/classes.txt').read().split('\\n')}, open(sys.argv[2], 'w'))
`

const folder = mkdtempSync(join(tmpdir(), 'bulk-formats-'))
const [odd, out] = [join(folder, 'odd'), join(folder, 'out')]
try {
  writeOddFiles()
  const noted = detect('--format', 'coco,csv,yolo,parquet', '--annotations', ANNOTATIONS)
  assert.match(noted, /left out 2 images that \S+ does not list/)
  const lines = readFileSync(join(out, 'results.jsonl'), 'utf8').trim().split('\n').map(line => JSON.parse(line))
  assert.equal(lines.length, 131)
  await checkCoco(lines)
  await checkParquet(lines)
  checkTexts(lines)
} finally {
  rmSync(folder, { recursive: true })
}

/** One with objects and a difficult name, a broken one, and one without objects. */
function writeOddFiles () {
  mkdirSync(odd)
  copyFileSync('docs/images/street.jpg', join(odd, FOUND))
  writeFileSync(join(odd, BROKEN), readFileSync('docs/images/street.jpg').subarray(0, 1000))
  const black = Buffer.alloc(54 + 64 * 64 * 3)
  black.write('BM')
  const header = [[2, black.length], [10, 54], [14, 40], [18, 64], [22, 64], [26, 1 + (24 << 16)]]
  for (const [at, value] of header) black.writeUInt32LE(value, at)
  writeFileSync(join(odd, NOTHING), black)
}

/** Runs, or only converts what has run. @returns what it writes to stderr */
function detect (...args) {
  const command = ['dist/bin/nanodet.js', 'detect', IMAGES, odd, '--out', out, '--score-threshold', '0.05', ...args]
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', timeout: PATIENCE })
  assert.equal(status, 3, stderr)
  return stderr
}

async function checkCoco (lines) {
  const truth = await readCocoFile(ANNOTATIONS)
  const command = ['dist/bin/nanodet.js', 'eval', '--images', IMAGES, '--annotations', ANNOTATIONS, '--json', '--quiet']
  const evalJson = JSON.parse(run(process.execPath, command, PATIENCE))
  checkScores('with the ids of the annotations', cocoScores(truth, json('results.coco.json')), evalJson)
  detect('--format', 'coco')
  const { images, categories } = json('images.coco.json')
  assert.equal(images.length, lines.length - 1)
  const fileOf = new Map(images.map(({ id, file_name: file }) => [id, file.split('/').at(-1)]))
  const idOf = new Map(truth.images.map(({ id, file_name: file }) => [file.split('/').at(-1), id]))
  assert.deepEqual(categories, truth.categories.map(({ id, name }) => ({ id, name })))
  const results = json('results.coco.json').map(result => ({ ...result, image_id: idOf.get(fileOf.get(result.image_id)) }))
  checkScores('with the numbers of images', cocoScores(truth, results), evalJson)
}

function json (name) {
  return JSON.parse(readFileSync(join(out, name), 'utf8'))
}

/** AP, AR, and the AP of each class. */
function checkScores (name, { summary, categories }, expected) {
  console.log(`COCO ${name}: AP ${summary.AP.toFixed(5)}, AP50 ${summary.AP50.toFixed(5)}; nanodet eval: ${expected.AP.toFixed(5)}, ${expected.AP50.toFixed(5)}`)
  for (const metric of Object.keys(summary)) assert.equal(summary[metric], expected[metric], metric)
  assert.deepEqual(categories.map(({ category, AP }) => [category.name, AP]), expected.classes.map(({ class: name, AP }) => [name, AP]))
}

/** All rows, as the lines have them. */
async function checkParquet (lines) {
  const { DuckDBInstance } = require('@duckdb/node-api')
  const connection = await (await DuckDBInstance.create()).connect()
  const query = async sql => (await connection.runAndReadAll(sql.replace('RESULTS', `'${join(out, 'results.parquet')}'`))).getRowObjectsJson()
  const rows = await query('select * from RESULTS')
  const expected = lines.flatMap(toRows)
  assert.equal(rows.length, expected.length)
  assert.ok(rows.some(({ error, label }) => error === null && label === null), `${NOTHING} has a row`)
  rows.forEach((row, i) => checkRow(row, expected[i]))
  const [{ images, failed }] = await query('select count(distinct file) as images, count(error) as failed from RESULTS')
  assert.deepEqual([Number(images), Number(failed)], [lines.length, 1])
  const [, documented] = /```sql\n([^]*?)```/.exec(readFileSync('docs/detect.md', 'utf8'))
  const found = await query(documented.replace(/'[^']*\.parquet'/, 'RESULTS'))
  assert.ok(found.some(({ found, images }) => found === 'person' && Number(images) > 50))
  assert.deepEqual(found.filter(row => ['CORRUPT_IMAGE', 'no objects'].includes(row.found)).map(({ images }) => images), ['1', '1'])
  console.log(`Parquet: DuckDB reads ${rows.length} rows`, found.slice(0, 3))
}

function toRows ({ file, image: { width = null, height = null } = {}, detections = [], error }) {
  const common = { file, width, height }
  const nothing = { label: null, class_id: null, score: null, x1: null, y1: null, x2: null, y2: null }
  if (detections.length === 0) return [{ ...common, ...nothing, error: error?.code ?? null }]
  return detections.map(({ box, ...rest }) => ({ ...common, ...rest, ...box, error: null }))
}

/** Scores and boxes are in single precision. */
function checkRow (actual, expected) {
  assert.deepEqual(Object.keys(actual), Object.keys(expected))
  for (const [name, value] of Object.entries(expected)) {
    assert.equal(actual[name], typeof value === 'number' ? Math.fround(value) : value, `${expected.file}: ${name}`)
  }
}

/** A row for each object, and a label file for each image that did not fail. */
function checkTexts (lines) {
  run('/usr/bin/python3', ['-I', '-c', READ, out, join(folder, 'read.json')])
  const { rows, labels, classes } = JSON.parse(readFileSync(join(folder, 'read.json'), 'utf8'))
  const results = lines.filter(({ error }) => !error)
  const toTexts = ({ file, detections }) => detections.map(({ box, ...rest }) => mapped({ file, ...rest, ...box }, String))
  const expected = results.flatMap(toTexts)
  assert.deepEqual(rows.map(row => ({ ...row })), expected)
  assert.equal(Object.keys(labels).length, results.length)
  assert.equal(classes.length, 81)
  const nameOf = file => outputPath('labels', file.replace(/\.\w+$/, ''), '.txt').slice('labels/'.length)
  for (const line of results) checkLabels(line, labels[nameOf(line.file)])
  console.log(`CSV: Python reads ${rows.length} rows; YOLO: ${Object.keys(labels).length} files`)
}

/** Changes all values of an object. */
function mapped (object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))
}

/** Six digits of shares are less than a hundredth of a pixel. */
function checkLabels ({ file, image: { width, height }, detections }, rows) {
  const actual = rows.map(([classId, x, y, w, h, score]) =>
    [classId, score, (x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height])
  const expected = detections.map(({ class_id: classId, score, box: { x1, y1, x2, y2 } }) => [classId, score, x1, y1, x2, y2])
  assert.equal(actual.length, expected.length, file)
  actual.flat().forEach((value, i) => assert.ok(Math.abs(value - expected.flat()[i]) < 0.01, file))
}
