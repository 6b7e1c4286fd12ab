// A region drawn on the page, by mouse, finger and keys, gets the server's verdict.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { choose, STREET, testPage } from '../page/browser.js'

const SIGN = [258, 298, 282, 322]
const FIGURE = [350, 280, 450, 500]
const SKY = [480, 20, 580, 240]

const tests = {
  async 'the far stop sign is below the threshold, and the button lowers it' ({ page, base }) {
    await choose(page, STREET)
    const before = await page.locator('#stage .box').count()
    await draw(page, SIGN)
    assert.equal(await verdict(page), 'below_threshold')
    const sentence = await page.textContent('#verdict .sentence')
    assert.match(sentence, /stop sign.*0\.23/)
    assert.equal(sentence, (await serverVerdict(base, await regionOf(page))).sentence)
    assert.equal(await page.locator('#verdict figure[data-layer^=stage]').count(), 3)
    await shoot(page, 'sign')
    await page.click('text=Lower the score threshold to 0.23')
    assert.equal(await verdict(page), 'found')
    assert.ok(await page.locator('#stage .box').count() > before)
  },

  async 'moved thresholds change the verdict without a request' ({ page, requests }) {
    await choose(page, STREET)
    await draw(page, SIGN)
    await page.waitForSelector('#verdict figure')
    const before = requests.length
    await page.click('text=Lower the score threshold')
    assert.equal(await verdict(page), 'found')
    await page.click('text=Select its box')
    assert.deepEqual(requests.slice(before), [])
  },

  async 'an expected person in the figure, and the empty sky' ({ page, base }) {
    await choose(page, STREET)
    await draw(page, FIGURE)
    await verdict(page)
    await page.fill('#region input[list]', 'person')
    await page.keyboard.press('Enter')
    await verdict(page)
    const { sentence } = await serverVerdict(base, await regionOf(page), 'person')
    assert.equal(await page.textContent('#verdict .sentence'), sentence)
    await shoot(page, 'figure')
    await page.click('#region >> text=Remove')
    assert.equal(await page.isVisible('#verdict'), false)
    await draw(page, SKY)
    assert.equal(await verdict(page), 'not_seen')
  },

  async 'an unknown label is refused' ({ page, requests }) {
    await choose(page, STREET)
    await draw(page, FIGURE)
    await verdict(page)
    const before = explained(requests)
    await page.fill('#region input[list]', 'unicorn')
    await page.keyboard.press('Enter')
    assert.equal(await page.locator('#region input[list]:invalid').count(), 1)
    assert.equal(explained(requests), before)
  },

  async 'drags beyond the photo end at its edge; clicks and tiny drags draw nothing' ({ page }) {
    await choose(page, STREET)
    const { width, height } = await photoSize(page)
    await drag(page, [300, 300], [303, 302])
    assert.equal(await page.isVisible('#verdict'), false)
    await drag(page, [width - 100, height - 80], [width + 60, height + 40])
    await verdict(page)
    near(await regionOf(page), [width - 100, height - 80, width, height])
  },

  async 'a drag inside moves the region, a corner resizes it, Escape removes it' ({ page }) {
    await choose(page, STREET)
    await draw(page, FIGURE)
    await drag(page, [400, 400], [420, 390])
    near(await regionOf(page), [370, 270, 470, 490])
    await drag(page, [470, 490], [500, 510])
    near(await regionOf(page), [370, 270, 500, 510])
    await page.keyboard.press('Escape')
    assert.equal(await page.isVisible('#stage svg.region'), false)
  },

  async 'of two quick drags, the second one counts, even if the first answer is later' ({ page }) {
    await choose(page, STREET)
    let first = true
    await page.route('**/explain*', async route => {
      const isFirst = first
      first = false
      const response = await route.fetch()
      if (isFirst) await new Promise(resolve => setTimeout(resolve, 1500))
      await route.fulfill({ response }).catch(() => undefined)
    })
    await draw(page, SKY)
    await draw(page, SIGN)
    assert.equal(await verdict(page), 'below_threshold')
    await page.waitForTimeout(2000)
    assert.equal(await verdict(page), 'below_threshold')
  },

  async 'keys alone make, move, resize and remove a region' ({ page }) {
    await choose(page, STREET)
    await page.focus('#region button')
    await page.keyboard.press('Enter')
    await verdict(page)
    const [x1, y1, x2, y2] = await regionOf(page)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowDown')
    const moved = await regionOf(page)
    assert.ok(moved[0] > x1 && moved[2] > x2 && moved[1] === y1 && moved[3] > y2)
    await page.waitForTimeout(400)
    await verdict(page)
    await page.locator('#region input[type=number]').nth(0).fill('350')
    await page.keyboard.press('Enter')
    assert.equal((await regionOf(page))[0], 350)
    await page.keyboard.press('Escape')
    assert.equal(await page.isVisible('#verdict'), false)
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Ask about a place')
  }
}

const touchTests = {
  async 'a finger draws after the button, and scrolls before it' ({ page }) {
    await choose(page, STREET)
    await touchDrag(page, FIGURE)
    assert.equal(await page.isVisible('#stage svg.region'), false)
    await page.tap('text=Ask about a place')
    await touchDrag(page, FIGURE)
    await verdict(page)
    near(await regionOf(page), FIGURE, 4)
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
    await shoot(page, 'touch')
  }
}

/** The kind of the verdict, once the answer has come. */
async function verdict (page) {
  await page.waitForSelector('#verdict[aria-busy=false] .sentence')
  return await page.getAttribute('#verdict .sentence', 'data-kind')
}

async function serverVerdict (base, region, label) {
  const parameters = new URLSearchParams({ region: region.join(), ...(label && { label }) })
  const response = await fetch(`${base}explain?${parameters}`, { method: 'POST', body: await readFile(STREET) })
  return (await response.json()).region.verdict
}

const explained = requests => requests.filter(path => path.startsWith('/explain')).length

const regionOf = page => page.$$eval('#region input[type=number]', inputs => inputs.map(({ value }) => Number(value)))

const photoSize = page => page.$eval('#stage img', ({ naturalWidth: width, naturalHeight: height }) => ({ width, height }))

const draw = (page, [x1, y1, x2, y2]) => drag(page, [x1, y1], [x2, y2])

/** Drags from one pixel of the photo to another. */
async function drag (page, from, to) {
  await page.locator('#stage img').scrollIntoViewIfNeeded()
  const [start, end] = [await onScreen(page, from), await onScreen(page, to)]
  await page.mouse.move(...start)
  await page.mouse.down()
  await page.mouse.move(...end, { steps: 4 })
  await page.mouse.up()
}

async function touchDrag (page, [x1, y1, x2, y2]) {
  await page.evaluate(() => document.querySelector('#stage').scrollIntoView())
  const session = await page.context().newCDPSession(page)
  const [start, end] = [await onScreen(page, [x1, y1]), await onScreen(page, [x2, y2])]
  const send = (type, points) => session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) })
  await send('touchStart', [start])
  for (const share of [0.3, 0.6, 1]) await send('touchMove', [start.map((at, i) => at + (end[i] - at) * share)])
  await send('touchEnd', [])
}

async function onScreen (page, [x, y]) {
  const { width } = await photoSize(page)
  const box = await page.$eval('#stage img', image => { const { left, top, width } = image.getBoundingClientRect(); return { left, top, width } })
  return [box.left + x * box.width / width, box.top + y * box.width / width]
}

function near (actual, expected, tolerance = 2) {
  assert.ok(actual.every((value, i) => Math.abs(value - expected[i]) <= tolerance), `${actual} is not near ${expected}`)
}

/** With a folder in PAGE_PICTURES, pictures to look at. */
async function shoot (page, name) {
  const folder = process.env.PAGE_PICTURES
  if (folder) await page.waitForSelector('#verdict figure')
  if (folder) await page.screenshot({ path: `${folder}/region-${name}.png`, fullPage: true })
}

await testPage(tests)
await testPage(touchTests, { viewport: { width: 390, height: 844 }, context: { hasTouch: true, isMobile: true } })
