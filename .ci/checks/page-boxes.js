/* global ClipboardEvent, DataTransfer, DragEvent, File, document, innerWidth */
// Photos on the page: their boxes at the right pixels, filters without requests, and the numbers of a clicked box.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { choose, STREET, testPage } from '../page/browser.js'

/** Degrees to turn a photo by so that its orientation tag turns it back. */
const TURNS = { 1: 0, 6: -90, 8: 90 }
/** Pixels of the screen. */
const TOLERANCE = 1

const folder = await mkdtemp(join(tmpdir(), 'nanodet-boxes-'))
const path = name => join(folder, name)
for (const [orientation, turn] of Object.entries(TURNS)) {
  await sharp(STREET).rotate(turn).withMetadata({ orientation: Number(orientation) }).jpeg({ quality: 95 }).toFile(path(`exif-${orientation}.jpg`))
}
await sharp(STREET).tiff().toFile(path('street.tiff'))
await sharp(STREET).extract({ left: 0, top: 0, width: 480, height: 640 }).jpeg().toFile(path('left.jpg'))
await sharp(STREET).resize(4000).jpeg().toFile(path('large.jpg'))
await sharp(STREET).resize(240).jpeg().toFile(path('small.jpg'))
await writeFile(path('notes.txt'), 'no photo')

const boxesTests = {
  async 'boxes are at the right pixels for EXIF 1, 6 and 8' ({ page, base }) {
    for (const orientation of Object.keys(TURNS)) {
      const file = path(`exif-${orientation}.jpg`)
      await open(page, file)
      await assertAligned(page, await post(base, 'detect', file))
    }
  },

  async 'a dropped photo is shown; of several the first, which the page says' ({ page, base }) {
    await drop(page, [STREET])
    await page.waitForSelector('#stage .box')
    await assertAligned(page, await post(base, 'detect', STREET))
    await drop(page, [path('left.jpg'), STREET])
    await page.waitForSelector('#stage img[alt="left.jpg"]')
    assert.match(await page.textContent('#source [role=status]'), /first of 2 files: left\.jpg/)
    await page.waitForSelector('#stage .box')
    await assertAligned(page, await post(base, 'detect', path('left.jpg')))
  },

  async 'a pasted photo is shown' ({ page }) {
    await send(page, 'paste', [STREET])
    await page.waitForSelector('#stage .box')
  },

  async 'the example is one click away, and objects are announced' ({ page }) {
    await page.click('text=Try the example')
    await page.waitForSelector('#stage .box')
    assert.match(await page.textContent('.said[aria-live=polite]'), /^3 objects: stop sign, bus, traffic light$/)
  },

  async 'the server makes a picture of a TIFF photo' ({ page, base }) {
    await open(page, path('street.tiff'))
    await assertAligned(page, await post(base, 'detect', path('street.tiff')))
  },

  async 'the later photo wins, also while the first is being read or explained' ({ page, base }) {
    for (const first of ['street.tiff', 'exif-6.jpg']) {
      await page.setInputFiles('#source input[type=file] >> nth=0', path(first))
      await page.setInputFiles('#source input[type=file] >> nth=0', path('left.jpg'))
      await page.waitForSelector('#stage img[alt="left.jpg"]')
      await page.waitForSelector('#stage[aria-busy=false] .box')
      await page.waitForTimeout(1500)
      assert.equal(await page.locator('#stage img').count(), 1)
      await assertAligned(page, await post(base, 'detect', path('left.jpg')))
    }
  },

  async 'sliders and chips change boxes without a request' ({ page, requests }) {
    await open(page, STREET)
    const before = requests.length
    const counts = [await count(page)]
    for (const score of ['0.05', '0.99', '0.35']) counts.push(await setNumber(page, 'Score', score))
    assert.ok(counts[1] > counts[0] && counts[2] === 0 && counts[3] === counts[0], `${counts}`)
    assert.ok(await setNumber(page, 'IoU', '1') > counts[0])
    assert.equal(await setNumber(page, 'Maximum', '2'), 2)
    await page.click('#filters >> text=Reset')
    assert.equal(await count(page), counts[0])
    await page.click('.chips [data-label="bus"]')
    assert.equal(await count(page), 1)
    await page.click('.chips >> text=All classes')
    await page.focus('input[type=range][aria-label=Score]')
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowLeft')
    assert.equal(await page.inputValue('input[aria-label="Score, value"]'), '0.15')
    assert.ok(await count(page) > counts[0])
    assert.deepEqual(requests.slice(before), [])
  },

  async 'the panel has the numbers of /explain' ({ page, base }) {
    await open(page, STREET)
    const { candidates, cells, levels, labels, warp } = await post(base, 'explain', STREET)
    for (const [i, kept] of candidates.filter(({ state }) => state === 'kept').entries()) {
      const cell = cells[kept.cell]
      await page.locator('#stage .box').nth(i).press('Enter')
      const facts = await factsOf(page)
      assert.equal(await page.textContent('.box-panel h2'), labels[kept.class_id])
      assert.equal(facts.Score, kept.score.toFixed(4))
      assert.equal(facts.State, 'Kept')
      assert.ok(facts.Level.startsWith(`stride ${levels[cell.level].stride}:`))
      assert.equal(facts.Cell, `column ${cell.column}, row ${cell.row}`)
      assert.equal(facts.Box, `${cell.box.join(', ')} px`)
      await assertCharts(page, cell, labels, levels[cell.level].stride / warp.scale[0])
      const suppressed = candidates.filter(({ state, by }) => state === 'suppressed' && candidates[by].cell === kept.cell)
      assert.equal(await page.locator('#stage .ghost').count(), suppressed.length)
      assert.equal(await page.locator('.suppressed li').count(), suppressed.length)
      await page.click('.box-panel .back')
    }
  },

  async 'suppressed boxes are ghosts; their list points at them, selects them, and leads back' ({ page }) {
    await open(page, STREET)
    await page.locator('#stage .box').first().click()
    const item = page.locator('.suppressed li button').first()
    await item.hover()
    assert.equal(await page.locator('#stage .ghost.pointed-at').count(), 1)
    await item.click()
    assert.equal(await page.locator('#stage .chosen.selected').count(), 1)
    assert.match((await factsOf(page)).State, /^Suppressed by .+ 0\.\d\d \(IoU 0\.\d\d\)$/)
    await page.click('.box-panel dd .link')
    assert.equal((await factsOf(page)).State, 'Kept')
    assert.equal(await page.locator('#stage .box.selected').count(), 1)
  },

  async 'the list has every object, the worse ones on demand' ({ page }) {
    await open(page, STREET)
    const boxes = await setNumber(page, 'Score', '0.05')
    assert.equal(await page.locator('.candidates li').count(), 20)
    await page.click('.box-panel summary')
    await page.waitForFunction(boxes => document.querySelectorAll('.candidates li').length === boxes, boxes)
    await page.locator('.candidates button').last().click()
    assert.equal(await page.locator('#stage .box.selected').count(), 1)
  },

  async 'a click beside all boxes deselects; its cell is on the photo until then' ({ page }) {
    await open(page, STREET)
    await page.locator('#stage .box').first().click()
    assert.equal(await page.locator('#stage .cell circle').count(), 1)
    await page.locator('#stage img').click({ position: { x: 3, y: 3 }, force: true })
    assert.equal(await page.locator('#stage .cell, #stage .selected').count(), 0)
  },

  async 'by keyboard from the photo to the panel and back' ({ page }) {
    await open(page, STREET)
    await page.focus('#source input[type=file]')
    await tabTo(page, '.box')
    assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /^stop sign, score 0\.\d\d$/)
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'stop sign')
    await tabTo(page, '.suppressed button')
    await page.keyboard.press('Enter')
    assert.match((await factsOf(page)).State, /^Suppressed/)
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('#stage .selected').count(), 0)
    assert.equal(await page.textContent('.box-panel h2'), 'Objects')
  },

  async 'labels have one size on small and large photos, and stay on them' ({ page }) {
    const sizes = []
    for (const name of ['small.jpg', 'large.jpg']) {
      await open(page, path(name))
      sizes.push(await page.$eval('#stage .tag text', text => text.getBoundingClientRect().height))
      await setNumber(page, 'Score', '0.03')
      await assertTagsOnPhoto(page)
      await page.click('#filters >> text=Reset')
    }
    assert.ok(Math.abs(sizes[0] - sizes[1]) < 1 && sizes[0] > 12, `${sizes}`)
  },

  async 'many boxes follow a slider smoothly' ({ page }) {
    await open(page, STREET)
    await setNumber(page, 'IoU', '1')
    const step = () => page.evaluate(() => {
      const slider = document.querySelector('input[type=range][aria-label=Score]')
      const start = performance.now()
      for (let i = 1; i <= 50; i++) {
        slider.value = String(i / 100)
        slider.dispatchEvent(new Event('input', { bubbles: true }))
        document.querySelector('#stage').getBoundingClientRect()
      }
      return (performance.now() - start) / 50
    })
    const ms = Math.min(await step(), await step(), await step()) // what else the machine does makes some slower
    console.log(`${ms.toFixed(1)} ms a step`)
    assert.ok(ms < 33, `${ms} ms a step`)
  }
}

const notAnImage = {
  async 'what is not an image is refused, and the photo before it stays' ({ page }) {
    await open(page, STREET)
    await page.setInputFiles('#source input[type=file] >> nth=0', path('notes.txt'))
    await page.waitForSelector('#problem:not([hidden])')
    assert.ok((await page.textContent('#problem p')).length > 10)
    assert.equal(await page.getAttribute('#stage', 'aria-busy'), 'false')
    assert.ok(await count(page) > 0)
    await open(page, path('left.jpg'))
    assert.equal(await page.isVisible('#problem'), false)
  }
}

const narrow = {
  async 'at 390 px: nothing is wider than the screen, boxes fit, details are one tap away' ({ page, base }) {
    assert.ok(await page.isVisible('text=Take a photo'))
    await open(page, STREET)
    await assertAligned(page, await post(base, 'detect', STREET))
    await page.locator('#stage .box').first().tap()
    await page.click('text=Why this box?')
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'stop sign')
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
  }
}

try {
  await testPage(boxesTests)
  await testPage(notAnImage, { allowed: [/status of 4\d\d/] })
  await testPage(narrow, { viewport: { width: 390, height: 844 }, context: { hasTouch: true, isMobile: true } })
} finally {
  await rm(folder, { recursive: true })
}

/** Opens a photo and waits until it is explained. */
async function open (page, file) {
  await choose(page, file)
  await page.waitForSelector(`#stage img[alt="${file.split('/').at(-1)}"]`)
  await page.waitForSelector('#stage[aria-busy=false] .box')
}

async function post (base, path, file) {
  const response = await fetch(new URL(path, base), { method: 'POST', body: await readFile(file) })
  assert.equal(response.status, 200)
  return await response.json()
}

/** Compares each box on the screen with the detection, at the scale of the photo as it is displayed. */
async function assertAligned (page, { detections, image }) {
  assert.ok(detections.length > 0)
  const { photo, boxes } = await page.evaluate(() => {
    const rect = element => { const { left, top, width, height } = element.getBoundingClientRect(); return { left, top, width, height } }
    return { photo: rect(document.querySelector('#stage img')), boxes: [...document.querySelectorAll('#stage .box .frame')].map(rect) }
  })
  assert.equal(boxes.length, detections.length)
  const scale = photo.width / image.width
  assert.ok(Math.abs(photo.height - image.height * scale) <= TOLERANCE, 'the photo is displayed in its own ratio')
  for (const [i, { box: { x1, y1, x2, y2 } }] of detections.entries()) {
    const expected = [x1 * scale, y1 * scale, (x2 - x1) * scale, (y2 - y1) * scale]
    const { left, top, width, height } = boxes[i]
    const actual = [left - photo.left, top - photo.top, width, height]
    for (const [j, value] of actual.entries()) assert.ok(Math.abs(value - expected[j]) <= TOLERANCE, `${actual} is not ${expected}`)
  }
}

async function assertCharts (page, { class_scores: scores, distributions }, labels, pixels) {
  const bars = await page.$$eval('.scores .bar', bars => bars.map(bar => [...bar.querySelectorAll('span')].map(span => span.textContent)))
  const best = scores.map((score, id) => [labels[id], (score / 1e4).toFixed(4)]).sort((a, b) => b[1] - a[1])
  assert.equal(bars.length, scores.length)
  assert.deepEqual(bars.slice(0, 2), best.slice(0, 2))
  const captions = await page.$$eval('.distances figcaption', captions => captions.map(({ textContent }) => textContent))
  const means = distributions.map(bins => bins.reduce((sum, mass, bin) => sum + mass * bin, 0) / bins.reduce((sum, mass) => sum + mass))
  assert.deepEqual(captions, ['left', 'top', 'right', 'bottom'].map((side, i) =>
    `${side} ${means[i].toFixed(2)} strides, ${(means[i] * pixels).toFixed(1)} px`))
}

async function assertTagsOnPhoto (page) {
  const { photo, tags } = await page.evaluate(() => {
    const edges = element => { const { left, top, right, bottom } = element.getBoundingClientRect(); return [left, top, right, bottom] }
    const tags = [...document.querySelectorAll('#stage .tag:not(.crowded) rect')].map(edges)
    return { photo: edges(document.querySelector('#stage img')), tags }
  })
  assert.ok(tags.length > 2)
  const isWithin = ([left, top, right, bottom]) =>
    left >= photo[0] - 1 && top >= photo[1] - 1 && right <= photo[2] + 1 && bottom <= photo[3] + 1
  const overlap = (a, b) => Math.min(a[2], b[2]) - Math.max(a[0], b[0]) > 2 && Math.min(a[3], b[3]) - Math.max(a[1], b[1]) > 2
  for (const [i, tag] of tags.entries()) {
    assert.ok(isWithin(tag), `label at ${tag} leaves the photo at ${photo}`)
    assert.ok(!tags.slice(0, i).some(other => overlap(tag, other)), `label at ${tag} covers another`)
  }
}

function count (page) {
  return page.locator('#stage .box').count()
}

async function setNumber (page, name, value) {
  await page.fill(`input[aria-label="${name}, value"]`, value)
  return await count(page)
}

function factsOf (page) {
  return page.$eval('.box-panel dl', list =>
    Object.fromEntries([...list.querySelectorAll('dt')].map(name => [name.textContent, name.nextElementSibling.textContent])))
}

async function tabTo (page, selector) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(selector => document.activeElement.matches(selector), selector)) return
  }
  assert.fail(`Tab does not reach ${selector}`)
}

function drop (page, files) {
  return send(page, 'drop', files)
}

/** A real event with files, as the browser makes it when users drop or paste. */
async function send (page, type, files) {
  const contents = await Promise.all(files.map(async file => [file.split('/').at(-1), (await readFile(file)).toString('base64')]))
  await page.evaluate(([type, contents]) => {
    const transfer = new DataTransfer()
    for (const [name, base64] of contents) {
      transfer.items.add(new File([Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))], name, { type: 'image/jpeg' }))
    }
    const options = { bubbles: true, cancelable: true }
    document.querySelector('main').dispatchEvent(type === 'drop'
      ? new DragEvent(type, { ...options, dataTransfer: transfer })
      : new ClipboardEvent(type, { ...options, clipboardData: transfer }))
  }, [type, contents])
}
