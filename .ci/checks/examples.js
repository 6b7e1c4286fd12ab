/** The examples that need Python or a browser, against the real server. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const EXAMPLES = new URL('../../examples/', import.meta.url)
const STREET = fileURLToPath(new URL('../../docs/images/street.jpg', import.meta.url))
const CHROMIUM = { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] }
const PATIENCE = 60_000

process.env.CORS_ORIGIN = '*' // the server's, for the page; it is read when the next line is
const { withServer } = await import('../clients.js')
await withServer([], async base => {
  checkPython(base)
  await checkPage(base)
})

function checkPython (base) {
  const script = fileURLToPath(new URL('python/client.py', EXAMPLES))
  const printed = execFileSync('/usr/bin/python3', ['-I', script, STREET, base], { encoding: 'utf8', timeout: PATIENCE, env: { ...process.env, NO_PROXY: '*', no_proxy: '*' } })
  const [, shown] = /^```\n(.*?)^```$/ms.exec(readFileSync(new URL('python/README.md', EXAMPLES), 'utf8').replace(/^```sh\n.*?^```$/gms, ''))
  assert.equal(printed, shown)
  console.log(`python: ${printed.split('\n').length - 1} objects, as its README shows`)
}

/** Chooses a photo as a person does, and reads what the page says. */
async function checkPage (base) {
  const server = spawn(process.execPath, [fileURLToPath(new URL('browser/serve.js', EXAMPLES))], { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface(server.stdout), 'line')
  let browser
  try {
    browser = await chromium.launch(CHROMIUM)
    const page = await browser.newPage()
    await page.goto(`${/http:\S+/.exec(line)[0]}/?api=${base}`)
    await page.setInputFiles('input', STREET)
    await page.waitForFunction(() => /%|:/.test(document.querySelector('output').textContent))
    const text = await page.textContent('output')
    assert.equal(text, 'stop sign 75 %, bus 63 %, traffic light 54 %')
    console.log(`browser: ${text}`)
  } finally {
    await browser?.close()
    server.kill()
  }
}
