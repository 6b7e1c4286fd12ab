/* global location */
/** The page's view of the network: the tree, a layer over the photo, its channels, measured times, and their alignment. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cellsOf, photoArea } from '../../dist/engine/features/area.js'
import { reduceChannels } from '../../dist/engine/features/reduce.js'
import { formatNumber } from '../../dist/engine/features/svg.js'
import { colorRange } from '../../dist/engine/features/value-range.js'
import { readSafetensors } from '../../dist/models/checkpoints/safetensors.js'
import { builtInArtifacts } from '../../dist/models/artifact.js'
import { warpFor } from '../../dist/models/resize-mode.js'
import { discPhoto } from '../../dist/test/support/disc.js'
import { STREET, testPage } from '../page/browser.js'

const PHOTO = { width: 960, height: 640 }
const WARP = warpFor('letterbox', PHOTO, { width: 416, height: 416 })
const ONNX = 'from-onnx'
/** Layers and their strides. */
const LEVELS = [['stage2', 8], ['stage3', 16], ['stage4', 32]]

const row = name => `[data-layer="${name}"]`
const open = async (page, base, fragment) => {
  await page.goto(`${base}#${fragment}`)
  await page.reload()
  await page.waitForSelector('#stage svg.boxes')
}
const features = async (page, query, photo) => {
  const response = await page.request.post(new URL(`features?${query}`, page.url()).href, { data: photo ?? readFileSync(STREET), headers: { 'content-type': 'image/jpeg' } })
  assert.equal(response.status(), 200)
  return response
}
const tensor = async (page, layer) => readSafetensors(await (await features(page, `layers=${layer}&format=safetensors`)).body()).parameters.get(layer)
const text = (page, selector) => page.textContent(selector)
const focused = page => page.evaluate(() => document.activeElement.getAttribute('data-layer'))

async function treeByMouse ({ page, base, requests }) {
  await open(page, base, 'example=1&tab=network')
  await page.waitForSelector(`${row('backbone.stage2')} canvas`)
  for (const name of ['backbone.maxpool', 'backbone.stage4', 'fpn.p3']) assert.ok(await page.isVisible(`${row(name)} canvas`), name)
  assert.equal(requests.filter(path => path.startsWith('/features')).length, 1, 'one request for all short names')
  const { layers, totals } = await (await page.request.get(`${base}models/nanodet-m-416/summary`)).json()
  const stage = layers.find(({ name }) => name === 'backbone.stage2')
  assert.equal(await page.getAttribute(`${row('backbone.stage2')} .macs`, 'title'), `${(100 * stage.macs / totals.macs).toFixed(1)} % of the network`)
  await page.click(`${row('backbone.stage2')} .twist`)
  await page.waitForSelector(`${row('backbone.stage2.3')} canvas`)
  assert.equal(requests.filter(path => path.startsWith('/features')).length, 2, 'one request for all blocks')
  await page.click(`${row('backbone.conv1')} .twist`)
  assert.match(await page.getAttribute(row('backbone.conv1.0'), 'title'), /batch norm/)
  assert.equal(await page.locator(`${row('backbone.conv1.0')} canvas`).count(), 0)
  await page.click(`${row('backbone.conv1')} .twist`)
  assert.equal(await page.locator(row('backbone.conv1.0')).count(), 0)
}

async function treeByKeyboard ({ page, base }) {
  await open(page, base, 'example=1&tab=network')
  await page.waitForSelector(`${row('backbone.stage2')} canvas`)
  await page.focus('.tree [tabindex="0"]')
  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key) }
  await press('Home')
  assert.equal(await focused(page), 'input')
  await press('ArrowDown', 'ArrowLeft')
  assert.equal(await page.getAttribute(row('backbone'), 'aria-expanded'), 'false')
  await press('ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight')
  assert.equal(await page.getAttribute(row('backbone.stage2'), 'aria-expanded'), 'true')
  await press('ArrowRight')
  assert.equal(await focused(page), 'backbone.stage2.0')
  await press('ArrowLeft', 'ArrowLeft', 'ArrowLeft')
  assert.equal(await focused(page), 'backbone')
  await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter')
  await page.waitForSelector('#stage canvas.heat')
  assert.equal(await page.getAttribute(row('backbone.stage2'), 'aria-selected'), 'true')
  assert.equal(await focused(page), 'backbone.stage2')
  await press('End')
  assert.equal(await focused(page), 'head.gfl_cls')
}

async function layer ({ page, base }) {
  await open(page, base, 'example=1&tab=network')
  await page.waitForSelector(`${row('backbone.stage4')} canvas`)
  await page.focus(`${row('backbone.stage4')}`)
  await page.click(`${row('backbone.stage4')} .name`)
  await page.waitForSelector('#stage canvas.heat')
  const stage4 = await tensor(page, 'stage4')
  const area = photoArea(PHOTO, WARP, 32, { width: 13, height: 13 })
  const l2 = reduceChannels(stage4, 'l2', area)
  const { min, max } = colorRange(Float32Array.from(cellsOf(area, 13), cell => l2[cell]))
  assert.equal(await text(page, '.heat-legend .min'), `≤ ${formatNumber(min)}`)
  assert.equal(await text(page, '.heat-legend .max'), `≥ ${formatNumber(max)}`)
  const { layers: [{ statistics }] } = await (await features(page, 'layers=stage4&format=json')).json()
  const shown = await page.locator('.statistics dd').allTextContents()
  assert.deepEqual(shown.slice(0, 4), ['min', 'mean', 'max', 'std'].map(name => formatNumber(statistics[name])))
  await valueBelowPointer(page, l2)
  await channels(page, stage4)
  await page.click('.heat-close')
  assert.equal(await page.locator('#stage canvas.heat').count(), 0)
}

async function valueBelowPointer (page, l2) {
  const { x, y, width, height } = await page.locator('#stage canvas.heat').boundingBox()
  for (const [atX, atY] of [[0.15, 0.28], [0.5, 0.5], [0.93, 0.9]]) {
    await page.mouse.move(x + atX * width, y + atY * height)
    const column = Math.floor((atX * 960 * WARP.scaleX + WARP.offsetX) / 32)
    const line = Math.floor((atY * 640 * WARP.scaleY + WARP.offsetY) / 32)
    assert.equal(await text(page, '.readout'), `Cell ${column}, ${line}: ${l2[line * 13 + column].toPrecision(6)}`)
  }
  await page.mouse.move(0, 0)
  await page.focus('#stage canvas.heat')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  assert.equal(await text(page, '.readout'), `Cell 7, 6: ${l2[6 * 13 + 7].toPrecision(6)}`)
}

/** First those with the highest variance on the photo; a click shows one. */
async function channels (page, { data, shape: [, count] }) {
  const cells = [...cellsOf(photoArea(PHOTO, WARP, 32, { width: 13, height: 13 }), 13)]
  const variance = channel => {
    const values = cells.map(cell => data[channel * 169 + cell])
    const mean = values.reduce((a, b) => a + b) / values.length
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  }
  const order = Array.from({ length: count }, (_, channel) => channel).sort((a, b) => variance(b) - variance(a))
  const listed = () => page.$$eval('[data-channel]', tiles => tiles.map(tile => Number(tile.dataset.channel)))
  assert.deepEqual(await listed(), order.slice(0, 48))
  await page.click('.channel-grid > button')
  assert.equal((await listed()).length, 96)
  await page.click(`[data-channel="${order[1]}"]`)
  assert.match(await page.getAttribute('#stage canvas.heat', 'aria-label'), new RegExp(`stage4, channel ${order[1]} `))
  assert.equal(await page.inputValue('.layer-controls input[type=number]'), String(order[1]))
  assert.equal(await page.getAttribute(`[data-channel="${order[1]}"]`, 'aria-pressed'), 'true')
  const before = await text(page, '.heat-legend')
  await page.selectOption('.layer-controls select', 'eigen')
  assert.notEqual(await text(page, '.heat-legend'), before)
}

async function classChannels ({ page, base, requests }) {
  await open(page, base, 'example=1&tab=network&layer=pred3&reduce=11')
  await page.waitForSelector('#stage canvas.heat')
  assert.match(await page.getAttribute('#stage canvas.heat', 'aria-label'), /pred3, stop sign/)
  const { x, y, width, height } = await page.locator('#stage canvas.heat').boundingBox()
  await page.mouse.move(x + 138 / 960 * width, y + 182 / 640 * height)
  assert.match(await text(page, '.readout'), /^Cell 7, 18: .* a score of 0\.7545$/)
  const sent = requests.length
  await page.locator('#stage .box rect').first().click({ position: { x: 10, y: 10 } })
  await page.waitForFunction(() => /box of stop sign/.test(document.querySelector('.channel-grid').textContent))
  assert.equal(await page.locator('[data-channel]').first().getAttribute('aria-label').then(label => /stop sign: \+/.test(label)), true)
  await page.locator('.layer-controls input[type=range]').fill('0.3')
  assert.equal(await page.$eval('#stage canvas.heat', canvas => canvas.style.opacity), '0.3')
  assert.deepEqual(requests.slice(sent).filter(path => path !== '/status'), [], 'neither boxes nor sliders send requests')
}

async function times ({ page, base }) {
  await open(page, base, 'example=1&tab=network')
  await page.waitForSelector(row('backbone.stage2'))
  const reply = page.waitForResponse(/profile/)
  await page.click('.network-head button')
  const { layers, nodes } = await (await reply).json()
  await page.waitForSelector('.layer .time')
  const { ms } = layers.find(({ name }) => name === 'backbone.stage2')
  const total = nodes.reduce((sum, { ms }) => sum + ms, 0)
  assert.equal(await text(page, `${row('backbone.stage2')} .time`), `${ms.toFixed(2)} ms`)
  assert.equal(await page.getAttribute(`${row('backbone.stage2')} .time`, 'title'), `${(100 * ms / total).toFixed(1)} % of the network`)
  assert.match(await text(page, '#network'), /measured on this server, \d+ runs.*while other work may run/)
}

async function onnxFile ({ page, base }) {
  await open(page, base, `example=1&tab=network&model=${ONNX}`)
  await page.waitForSelector('.layer canvas')
  assert.match(await text(page, '.network-head'), /costs are unknown, because its graph comes from an ONNX file/)
  await page.locator('.layer:has(canvas) .name').first().click()
  await page.waitForSelector('.channels canvas')
}

/** A disc in photos of several ratios and orientations: what it adds to the page's canvas is highest within a cell of it. */
async function alignment ({ page, base }) {
  const cases = [
    [undefined, 1, { width: 1000, height: 400 }, [0.2, 0.7]], [undefined, 6, { width: 640, height: 360 }, [0.75, 0.3]],
    [undefined, 8, { width: 360, height: 640 }, [0.3, 0.8]], [undefined, 1, { width: 500, height: 500 }, [0.4, 0.6]],
    ['stretch', 1, { width: 1000, height: 400 }, [0.2, 0.7]], ['keep-ratio', 8, { width: 360, height: 640 }, [0.3, 0.8]]
  ]
  for (const [model, orientation, size, at] of cases) {
    const show = async (disc, layer) => {
      const body = await discPhoto(size, orientation, disc)
      await page.unrouteAll()
      await page.route(/page\/street/, route => route.fulfill({ body, contentType: 'image/png' }))
      await open(page, base, fragment(layer))
      return await heatOf(page, layer)
    }
    const fragment = layer => `example=1&tab=network&layer=${layer}${model ? `&model=${model}` : ''}`
    const empty = {}
    for (const [i, [layer]] of LEVELS.entries()) {
      if (i > 0) await page.evaluate(hash => { location.hash = hash }, fragment(layer))
      empty[layer] = i === 0 ? await show(undefined, layer) : await heatOf(page, layer)
    }
    for (const [layer, stride] of LEVELS) {
      const { scaleX, scaleY } = warpFor(model ?? 'letterbox', size, { width: 416, height: 416 })
      const disc = { x: at[0] * size.width, y: at[1] * size.height, radius: 0.75 * stride / Math.max(scaleX, scaleY) }
      const [x, y] = centerOfGrowth([empty[layer], await show(disc, layer)])
      const off = [(x * size.width - disc.x) * scaleX / stride, (y * size.height - disc.y) * scaleY / stride]
      const title = `${model} ${orientation} ${size.width}×${size.height} ${layer}: ${off.map(cells => cells.toFixed(2))} cells off`
      console.log(title)
      assert.ok(off.every(cells => Math.abs(cells) <= 1), title)
    }
  }
}

async function heatOf (page, layer) {
  await page.waitForSelector(`#stage canvas.heat[aria-label*="${layer}"]`)
  return await page.evaluate(readHeat)
}

/** In the page: the values that the canvas shows. Opacity grows from 30 % at the legend's lowest value to 100 % at its highest. */
function readHeat () {
  const canvas = document.querySelector('#stage canvas.heat')
  const { width, height } = canvas
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height)
  const legend = name => Number(document.querySelector(`.heat-legend .${name}`).textContent.replace(/[≤≥ ]/g, ''))
  const [min, max] = [legend('min'), legend('max')]
  const values = Array.from({ length: width * height }, (_, i) => min + (max - min) * (data[4 * i + 3] / 255 - 0.3) / 0.7)
  return { width, height, values }
}

/** Where the second grew most over the first, as a share of the canvas: the center of all pixels with nearly the highest growth. */
function centerOfGrowth ([{ width, height, values: before }, { values: after }]) {
  const growth = after.map((value, i) => value - before[i])
  const most = growth.reduce((a, b) => Math.max(a, b))
  const best = growth.flatMap((value, i) => value > 0.95 * most ? [i] : [])
  const mean = of => best.reduce((sum, i) => sum + of(i) + 0.5, 0) / best.length
  return [mean(i => i % width) / width, mean(i => Math.floor(i / width)) / height]
}

async function precisions ({ page, base, requests }) {
  await open(page, base, 'example=1&tab=network&layer=stage4&precision=int8')
  await page.waitForSelector('.channels canvas')
  await page.waitForSelector('.layer canvas')
  const sent = requests.filter(path => path.startsWith('/features'))
  assert.ok(sent.length >= 2 && sent.every(path => path.includes('precision=int8')), sent.join('\n'))
}

async function narrow ({ page, base }) {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page, base, 'example=1&tab=network&layer=stage4')
  await page.waitForSelector('.channels canvas')
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
}

const folder = mkdtempSync(join(tmpdir(), 'page-network-'))
try {
  const [{ config: { name: model }, checkpoint }] = builtInArtifacts()
  for (const mode of ['stretch', 'keep-ratio']) {
    writeFileSync(join(folder, `${mode}.json`), JSON.stringify({ model, resize_mode: mode }))
    writeFileSync(join(folder, `${mode}.safetensors`), readFileSync(checkpoint))
  }
  const { status, stderr } = spawnSync(process.execPath, ['dist/bin/nanodet.js', 'export', '--raw', '--out', join(folder, `${ONNX}.onnx`)], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const env = { MODELS_DIR: folder }
  await testPage({ treeByMouse, treeByKeyboard, layer, classChannels, times, alignment, precisions, narrow }, { env })
  await testPage({ onnxFile }, { env, allowed: [/status of 400/] }) // browsers log that it has no summary
} finally {
  rmSync(folder, { recursive: true })
}
