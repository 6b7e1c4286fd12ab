/* global document, getComputedStyle */
/**
 * One picture of each view of the page, for the README and docs/page.md. Each is taken once the view shows what it is about.
 * `node .ci/checks/page-pictures.js docs/images/page` writes them there; without a folder, they are only checked.
 */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { STREET, testPage } from '../page/browser.js'

const MAX_BYTES = 200_000
const DESKTOP = { width: 1120, height: 780 }
/** A busy machine should not refuse requests. */
const PATIENT = { REQUEST_TIMEOUT: '30s' }
const SCALE = 1.25
const QUALITY = 82
const PHONE = { width: 390, height: 844 }
const STOP_SIGN = 'box=0-7-18-11'
const FAR_SIGN = 'region=258,298,282,322'

const [, , given] = process.argv
const folder = given ?? mkdtempSync(join(tmpdir(), 'nanodet-pictures-'))
mkdirSync(folder, { recursive: true })
try {
  await testPage({ 'warm up': warmUp, boxes, verdict, network, layer, compare, phone, dark }, { env: PATIENT, viewport: DESKTOP, context: { deviceScaleFactor: SCALE } })
} finally {
  if (!given) rmSync(folder, { recursive: true })
}

/** Networks are compiled by the first requests; the times on the pictures are those of later ones. */
async function warmUp ({ base }) {
  const body = await readFile(STREET)
  for (const query of ['', '', FAR_SIGN, FAR_SIGN, ...Array(10).fill('precision=fp32'), ...Array(4).fill('precision=int8')]) {
    const { status } = await fetch(`${base}explain?${query}`, { method: 'POST', body })
    assert.equal(status, 200)
  }
}

/** The picture that opens the README: a selected box, and where it comes from. */
async function boxes ({ page, base }) {
  await open(page, base, STOP_SIGN)
  assert.equal(await page.locator('#stage .box').count(), 3)
  await shows(page, '#stage', ['stop sign 0.75', 'bus 0.63', 'traffic light 0.54'])
  await shows(page, '#boxes', ['stop sign', '0.7545', 'column 7, row 18', 'stride 8'])
  await take(page, 'boxes')
}

async function verdict ({ page, base }) {
  await open(page, base, FAR_SIGN)
  await page.locator('#verdict figure[data-layer=stage4] canvas').waitFor()
  await shows(page, '#verdict', ['Below the threshold: stop sign (0.24) would appear at a threshold of 0.23.'])
  assert.equal(await page.locator('#verdict figure[data-layer^=stage]').count(), 3)
  await take(page, 'verdict')
}

async function network ({ page, base }) {
  await open(page, base, 'tab=network')
  await page.locator('[data-layer="fpn.p5"] canvas').waitFor()
  await page.getByRole('button', { name: 'Measure time' }).click()
  await page.getByText(/ms a run: measured on this server/).waitFor()
  await shows(page, '#network', ['backbone', 'fpn', 'head', '950 k parameters', '578 M MACs'])
  await take(page, 'network')
}

async function layer ({ page, base }) {
  await open(page, base, `tab=network&layer=stage3&${STOP_SIGN}`)
  await page.locator('#stage canvas.heat').waitFor()
  await page.locator('[data-channel]').first().waitFor()
  await shows(page, '#network', ['stage3', '232 × 26 × 26', 'the box of stop sign'])
  await page.locator('.layer-head').evaluate(head => {
    const panels = document.querySelector('#panels')
    panels.scrollTop += head.getBoundingClientRect().top - document.querySelector('#network').getBoundingClientRect().top - panels.scrollTop
  })
  await take(page, 'layer')
}

async function compare ({ page, base }) {
  await open(page, base, 'tab=compare&other_precision=int8&difference=stage4')
  await page.getByRole('img', { name: 'Where stage4 differs' }).waitFor()
  assert.equal(await page.locator('#compare .found-boxes').count(), 2)
  await shows(page, '#compare', ['fp32', 'int8', 'stop sign', 'Differences by layer'])
  await take(page, 'compare')
}

async function phone ({ page, base }) {
  await page.setViewportSize(PHONE)
  await open(page, base, STOP_SIGN)
  await shows(page, '#boxes', ['stop sign', '0.7545'])
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'nothing is wider than the screen')
  await take(page, 'phone')
}

async function dark ({ page, base }) {
  await page.emulateMedia({ colorScheme: 'dark' })
  await open(page, base, STOP_SIGN)
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  assert.equal(ground, 'rgb(20, 22, 26)')
  await take(page, 'dark')
}

/** Opens the example as a link with this state does. */
async function open (page, base, state) {
  await page.goto(`${base}#example=1&${state}`) // without a reload: the page follows its address
  await page.waitForSelector('#stage svg.boxes .box')
}

async function shows (page, selector, texts) {
  const shown = (await page.locator(selector).allTextContents()).join(' ')
  for (const text of texts) assert.ok(shown.includes(text), `${selector} shows “${text}”, not: ${shown}`)
}

async function take (page, name) {
  await page.waitForLoadState('networkidle')
  const path = join(folder, `${name}.jpg`)
  await page.screenshot({ path, type: 'jpeg', quality: QUALITY, animations: 'disabled' })
  const { size } = statSync(path)
  console.log(`  ${name}.jpg: ${Math.round(size / 1000)} kB`)
  assert.ok(size < MAX_BYTES, `${name}.jpg has ${size} bytes`)
}
