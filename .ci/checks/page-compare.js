/**
 * Compares two photos, two models, and two precisions on the page. The differences by layer must be those of the layers that the server
 * sends. Takes NanoDet-Plus from ../shared as the second model.
 */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import sharp from 'sharp'
import { readSafetensors } from '../../dist/models/checkpoints/safetensors.js'
import { STREET, testPage } from '../page/browser.js'

const MODEL = 'nanodet-m-416'
const PLUS = 'nanodet-plus-m_320'
const LAYERS = ['stem', 'stage2', 'stage3', 'stage4', 'p3', 'p4', 'p5', 'pred3', 'pred4', 'pred5']
const SHOTS = process.env['SCREENSHOTS'] // a folder

const folder = mkdtempSync(join(tmpdir(), 'compare-'))
const models = join(folder, 'models')
mkdirSync(models)
symlinkSync(resolve('../shared/checkpoints/nanodet-plus-m_320.ckpt'), join(models, `${PLUS}.ckpt`))
writeFileSync(join(models, 'broken.onnx'), 'not a graph')
const mirrored = join(folder, 'mirrored.jpg')
await sharp(STREET).flop().jpeg().toFile(mirrored)
const env = { MODELS_DIR: models }

try {
  await testPage({ 'a precision': comparePrecisions, 'a model': compareModels, 'a photo': comparePhotos, 'by keyboard': compareByKeyboard }, { env })
  await testPage({ 'a model that does not load': showFailure }, { env, allowed: [/Failed to load resource/] })
  await testPage({ 'on a phone': compareOnPhone }, { env, viewport: { width: 390, height: 844 } })
} finally {
  rmSync(folder, { recursive: true })
}

async function comparePrecisions ({ page, base }) {
  await open(page, base)
  await page.locator('#other-precision').selectOption('int8')
  await bothSides(page)
  const replies = await Promise.all(['fp32', 'int8'].map(precision => ask(base, { model: MODEL, precision })))
  assert.deepEqual(await rowsOf(page, '.objects'), pairsOf(...replies))
  await page.locator('.start').click()
  await page.waitForSelector('#compare .layers table')
  await checkDifferences(page, await layersOf(base, 'fp32'), await layersOf(base, 'int8'))
  await page.locator('[data-layer=stage4]').click()
  assert.equal(await page.getByRole('img', { name: 'Where stage4 differs' }).count(), 1)
  await checkHighlight(page)
  await shot(page, 'precisions')
  await page.getByRole('button', { name: 'Swap sides' }).click()
  await bothSides(page)
  assert.match(await page.locator('.side').first().innerText(), /int8/)
  assert.match(await page.locator('.side').last().innerText(), /fp32/)
}

async function compareModels ({ page, base, requests }) {
  await open(page, base)
  await page.locator('#other-model').selectOption(PLUS)
  await bothSides(page)
  const replies = await Promise.all([MODEL, PLUS].map(model => ask(base, { model })))
  assert.deepEqual(await rowsOf(page, '.objects'), pairsOf(...replies))
  await page.locator('.start').click()
  await page.waitForSelector('#compare .layers table')
  const rows = await rowsOf(page, '.layers')
  assert.deepEqual(rows.map(([name]) => name), LAYERS)
  assert.match(rows.find(([name]) => name === 'pred3').join(' '), /can't be compared: 1 × 112 × 52 × 52 on the left, 1 × 112 × 40 × 40 on the right/)
  await shot(page, 'models')
  const before = requests.length
  await page.locator('.found rect').first().hover()
  assert.equal(await page.locator('.found.marked').count(), 2)
  assert.equal(requests.length, before, 'highlights need no request')
}

async function comparePhotos ({ page, base }) {
  await open(page, base)
  await page.setInputFiles('#compare input[type=file]', mirrored)
  await bothSides(page)
  const replies = [await ask(base), await ask(base, {}, mirrored)]
  const counts = side => Object.fromEntries(side.map(({ label }) => [label, side.filter(other => other.label === label).length]))
  const [left, right] = replies.map(counts)
  const rows = await rowsOf(page, '.objects')
  assert.deepEqual(Object.fromEntries(rows.map(([label, a, b]) => [label, [a, b]])),
    Object.fromEntries([...new Set([...Object.keys(left), ...Object.keys(right)])].map(label => [label, [`${left[label] ?? 0}`, `${right[label] ?? 0}`]])))
  assert.match(await page.locator('.layers').innerText(), /one photo only/)
  const [a, b] = await sources(page)
  assert.notEqual(a, b)
  await shot(page, 'photos')
  await page.getByRole('button', { name: 'Swap sides' }).click()
  await bothSides(page)
  assert.deepEqual(await sources(page), [b, a])
  await page.getByRole('button', { name: 'Same photo' }).click()
  await page.getByText('Choose another model, precision or photo').waitFor()
}

/** The other side keeps its boxes. */
async function showFailure ({ page, base }) {
  await open(page, base)
  await page.locator('#other-model').selectOption('broken')
  const right = page.locator('.side').last()
  await right.getByRole('button', { name: 'Try again' }).waitFor()
  assert.match(await right.innerText(), /broken/)
  assert.ok(await page.locator('.side').first().locator('.found').count() > 0)
  await shot(page, 'failure')
}

async function compareByKeyboard ({ page, base }) {
  await open(page, base, () => page.keyboard.press('Enter'))
  await tabTo(page, '#other-precision')
  await page.keyboard.type('int8')
  await bothSides(page)
  await tabTo(page, '.objects tbody tr')
  assert.equal(await page.locator('.found.marked').count(), 2)
  await tabTo(page, '.start')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#compare .layers table')
  await tabTo(page, '[data-layer=stem]')
  await page.keyboard.press('Enter')
  assert.equal(await page.locator(':focus').getAttribute('aria-pressed'), 'true')
  assert.equal(await page.getByRole('img', { name: 'Where stem differs' }).count(), 1)
}

async function compareOnPhone ({ page, base }) {
  await open(page, base)
  await page.locator('#other-precision').selectOption('int8')
  await bothSides(page)
  await page.locator('.start').click()
  await page.locator('[data-layer=stage4]').click()
  const [left, right] = await page.locator('.side').evaluateAll(sides => sides.map(side => side.getBoundingClientRect().toJSON()))
  assert.ok(right.top >= left.bottom, 'the photos are stacked')
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'nothing is wider than the screen')
  await shot(page, 'phone')
}

/** Opens the photo and the tab, once the model is loaded. @param activate acts on the focused tab; clicks by default */
async function open (page, base, activate) {
  await eventually(async () => (await (await fetch(`${base}models`)).json()).models.find(({ name }) => name === MODEL).state === 'ready')
  await page.goto(`${base}#example=1`)
  await page.waitForSelector('#stage svg.boxes')
  const tab = page.getByRole('tab', { name: 'Compare' })
  if (activate) {
    await tab.focus()
    await activate()
  } else await tab.click()
  await page.waitForFunction(() => document.querySelector('#other-precision').options.length > 2)
}

function bothSides (page) {
  return page.waitForFunction(() => document.querySelectorAll('#compare .found-boxes').length === 2 && document.querySelector('.objects table'))
}

/** The detections of a photo. Only POST /explain has a choice of precision. */
async function ask (base, query = {}, file = STREET) {
  const path = query.precision === undefined ? 'detect' : 'explain'
  const response = await fetch(`${base}${path}?${new URLSearchParams(query)}`, { method: 'POST', body: readFileSync(file) })
  assert.equal(response.status, 200)
  return (await response.json()).detections
}

async function layersOf (base, precision) {
  const parameters = new URLSearchParams({ model: MODEL, precision, layers: LAYERS.join(), format: 'safetensors' })
  const response = await fetch(`${base}features?${parameters}`, { method: 'POST', body: readFileSync(STREET) })
  assert.equal(response.status, 200)
  return readSafetensors(new Uint8Array(await response.arrayBuffer())).parameters
}

async function checkDifferences (page, left, right) {
  const shown = await page.locator('.layers tbody tr').evaluateAll(rows => rows.map(row =>
    [row.querySelector('th').innerText.trim(), ...[...row.querySelectorAll('[data-value]')].map(cell => Number(cell.dataset.value))]))
  assert.deepEqual(shown.map(([name]) => name), LAYERS)
  for (const [name, ...values] of shown) {
    const [a, b] = [left, right].map(side => Array.from(side.get(name).data))
    const length = values => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0))
    const apart = a.map((value, i) => value - b[i])
    const dot = a.reduce((sum, value, i) => sum + value * b[i], 0)
    const most = apart.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const expected = [length(apart) / length(a), most, dot / length(a) / length(b)]
    const isRight = (value, i) => Math.abs(value - expected[i]) <= 1e-9 * Math.abs(expected[i])
    assert.ok(values.length === 3 && values.every(isRight), `${name}: ${values}, not ${expected}`)
    assert.ok(values[0] > 0, `${name} differs in int8`)
  }
}

async function checkHighlight (page) {
  for (const row of await page.locator('.objects tbody tr').all()) {
    await row.hover()
    assert.equal(await page.locator('.found.marked').count(), 2)
    const [a, b] = await page.locator('.found.marked text').allTextContents()
    assert.equal(a.replace(/ [\d.]+$/, ''), b.replace(/ [\d.]+$/, ''))
  }
}

/** Rows of the table of objects, of detections of both sides. */
function pairsOf (left, right) {
  const rest = [...right]
  const pairs = left.map(found => {
    const i = rest.findIndex(other => other.label === found.label && iou(found.box, other.box) >= 0.5)
    return [found, i < 0 ? undefined : rest.splice(i, 1)[0]]
  })
  const score = found => found?.score.toFixed(2) ?? '–'
  const row = ([a, b]) => [(a ?? b).label, score(a), score(b), a && b ? iou(a.box, b.box).toFixed(2) : '']
  return [...pairs.filter(([, b]) => b), ...pairs.filter(([, b]) => !b), ...rest.map(found => [undefined, found])].map(row)
}

function iou (a, b) {
  const length = (start, end) => Math.max(0, Math.min(a[end], b[end]) - Math.max(a[start], b[start]))
  const area = ({ x1, y1, x2, y2 }) => (x2 - x1) * (y2 - y1)
  const common = length('x1', 'x2') * length('y1', 'y2')
  return common / (area(a) + area(b) - common)
}

function rowsOf (page, part) {
  return page.locator(`#compare ${part} tbody tr`).evaluateAll(rows => rows.map(row => [...row.children].map(cell => cell.innerText.trim())))
}

function sources (page) {
  return page.locator('#compare .side img').evaluateAll(images => images.map(({ src }) => src))
}

async function tabTo (page, selector) {
  for (let i = 0; i < 60; i++) {
    if (await page.evaluate(selector => document.activeElement.matches(selector), selector)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`Tab does not reach ${selector}`)
}

async function eventually (condition) {
  for (let i = 0; i < 300; i++) {
    if (await condition()) return
    await wait(200)
  }
  assert.fail('the model does not load')
}

async function shot (page, name) {
  if (SHOTS) await page.screenshot({ path: join(SHOTS, `compare-${name}.png`), fullPage: true })
}
