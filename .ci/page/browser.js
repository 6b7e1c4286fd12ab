/** The page in a real browser, on the real server: Debian's Chromium, driven by playwright-core. */
import assert from 'node:assert/strict'
import { chromium } from 'playwright-core'
import { fileURLToPath } from 'node:url'
import { end, killGroup, output, start } from '../server.js'

const CHROMIUM = { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] }
export const STREET = fileURLToPath(new URL('../../docs/images/street.jpg', import.meta.url))

/**
 * Runs tests by name, one after the other, each on a new page of one server. What the browser logs as an error, a violation of the
 * page's policy, and a request to another host fail the test.
 * @param tests functions of `{ page, base, requests }`; `requests` has the path of every request so far
 * @param env settings of the server
 */
export async function testPage (tests, { env = {}, viewport = { width: 1280, height: 900 }, allowed = [], context: more = {} } = {}) {
  const server = start(process.execPath, ['dist/server/main.js'], env)
  let browser
  try {
    const { msg } = await server.logged(/listening at/)
    await server.logged(/: open http/)
    const base = `${/http:\/\/[^/ ]+/.exec(msg)[0]}/`
    browser = await chromium.launch(CHROMIUM)
    for (const [name, test] of Object.entries(tests)) {
      const context = await browser.newContext({ viewport, ...more, acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] })
      await testOn(await context.newPage(), base, test, allowed)
      await context.close()
      console.log(`passed: ${name}`)
    }
    await end(server, 'SIGTERM')
  } catch (error) {
    console.error(output(server).slice(-3000))
    throw error
  } finally {
    await browser?.close()
    killGroup(server)
  }
}

async function testOn (page, base, test, allowed) {
  const requests = []
  const problems = []
  page.on('request', request => {
    if (/^(blob|data):/.test(request.url())) return
    if (!request.url().startsWith(base)) problems.push(`request to ${request.url()}`)
    requests.push(request.url().slice(base.length - 1))
  })
  page.on('console', message => {
    if (message.type() === 'error' && !allowed.some(pattern => pattern.test(message.text()))) problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', error => problems.push(`error: ${error.stack}`))
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error(`violates ${violatedDirective}: ${blockedURI}`)))
  await page.goto(base)
  await test({ page, base, requests })
  assert.deepEqual(problems, [])
}

/** Chooses a photo and waits until its boxes are drawn. */
export async function choose (page, file) {
  await page.setInputFiles('#source input[type=file]', file)
  await page.waitForSelector('#stage svg.boxes')
}
