/** Runs the examples as their READMEs do. Those that need a browser or Python run in .ci/checks/examples.js. */
import { spawn } from 'node:child_process'
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { rootUrl, source } from './support/files.ts'
import { STREET } from './support/street.ts'

const STREET_PATH = fileURLToPath(new URL('docs/images/street.jpg', rootUrl))

/** Starts an example; it ends with the test. `line` waits for a line that it prints. */
function start (t: Test, script: string, args: readonly string[] = [], cwd = t.testdir({})) {
  const path = fileURLToPath(new URL(`examples/${script}`, rootUrl))
  const child = spawn(process.execPath, [path, ...args], { cwd, env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill())
  const lines: string[] = []
  let onLine = (): void => {}
  createInterface(child.stdout).on('line', text => { lines.push(text); onLine() }).on('close', () => onLine())
  const line = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = lines.find(text => pattern.test(text))
      if (found !== undefined) return found
      if (child.exitCode !== null) throw new Error(`${script} ended after ${lines.join('\n')}`)
      await new Promise<void>(resolve => { onLine = resolve })
    }
  }
  const ended = new Promise<number | null>(resolve => { child.once('close', resolve) })
  return { line, lines, ended, child }
}

/** What a README shows as output. */
const outputOf = (folder: string): string[] =>
  [...source(`examples/${folder}/README.md`).matchAll(/^```(\w*)\n(.*?)\n```$/gms)].flatMap(([, language, text]) => language === '' ? text! : [])

const urlOf = (line: string): string => /http:\S+/.exec(line)![0]

t.test('every example has a README and stands in the index', async t => {
  const entries = await readdir(new URL('examples/', rootUrl), { withFileTypes: true })
  for (const { name } of entries.filter(entry => entry.isDirectory())) {
    t.match(source('examples/README.md'), `[${name}](${name}/)`)
    t.match(source(`examples/${name}/README.md`), /^# /)
  }
})

t.test('fastify counts objects, refuses what is not an image, and ends on a signal', async t => {
  const { line, ended, child } = start(t, 'fastify/server.js')
  const url = `${urlOf(await line(/listening/))}/count`
  const post = (body: Uint8Array<ArrayBuffer>) => fetch(url, { method: 'POST', body, headers: { 'content-type': 'image/jpeg' } })
  t.same([await (await post(Uint8Array.from(STREET))).text()], outputOf('fastify'))
  const refused = await post(Uint8Array.from(Buffer.from('hello')))
  t.equal(refused.status, 415)
  t.match(await refused.json(), { code: 'UNSUPPORTED_IMAGE' })
  child.kill('SIGTERM')
  t.equal(await ended, 0)
})

t.test('bot answers with a sentence', async t => {
  const { line } = start(t, 'bot/bot.js')
  const url = urlOf(await line(/listening/))
  const ask = async (body: Uint8Array<ArrayBuffer>) => (await fetch(url, { method: 'POST', body })).text()
  t.same([await ask(Uint8Array.from(STREET))], outputOf('bot').map(text => `${text}\n`))
  t.match(await ask(Uint8Array.from(Buffer.from('hello'))), /^Cannot decode plain text/)
})

t.test('watch-folder handles photos that are there and photos that arrive', async t => {
  const folder = t.testdir({})
  await copyFile(STREET_PATH, `${folder}/street.jpg`)
  const { line } = start(t, 'watch-folder/watch.js', [folder], folder)
  const [, expected] = outputOf('watch-folder')[0]!.split('\n')
  t.equal(await line(/^street/), expected)
  t.match(JSON.parse(await readFile(`${folder}/street.jpg.json`, 'utf8')), [{ label: 'stop sign', box: { x1: Number } }])
  await writeFile(`${folder}/later.jpg`, STREET)
  t.match(await line(/^later/), 'later.jpg: stop sign, bus, traffic light')
})

t.test('own-backbone compiles to ONNX', async t => {
  const { ended, lines } = start(t, 'own-backbone/backbone.js', ['own-backbone.onnx'])
  t.equal(await ended, 0)
  t.same([lines.join('\n')], outputOf('own-backbone'))
})

t.test('own-head is compiled and run by the engine', async t => {
  const { ended, lines } = start(t, 'own-head/head.js', ['models', STREET_PATH])
  t.equal(await ended, 0)
  t.same([lines.join('\n')], outputOf('own-head'))
})

t.test('draw-shapes draws the same pictures twice, with boxes around the shapes', async t => {
  const folder = t.testdir({})
  const { ended, lines } = start(t, 'draw-shapes/draw.js', ['shapes'], folder)
  t.equal(await ended, 0)
  t.same([lines.join('\n')], outputOf('draw-shapes'))
  await start(t, 'draw-shapes/draw.js', ['again', '--train', '2', '--val', '1'], folder).ended
  const read = async (file: string) => await readFile(`${folder}/${file}`)
  t.same(await read('again/train/0002.jpg'), await read('shapes/train/0002.jpg'))
  t.notSame(await read('shapes/val/0001.jpg'), await read('shapes/train/0001.jpg'))
  const { images, annotations, categories } = JSON.parse(String(await read('again/train.json')))
  t.same(categories.map(({ name }: { name: string }) => name), ['star', 'arrow', 'ring'])
  for (const { image_id: id, bbox: [x, y, width, height] } of annotations) {
    t.ok(x >= 0 && y >= 0 && x + width <= images[id - 1].width && y + height <= images[id - 1].height && Math.max(width, height) >= 14)
  }
})

t.test('browser serves its page and the client\'s modules, and nothing else', async t => {
  const { line } = start(t, 'browser/serve.js')
  const url = urlOf(await line(/listening/))
  for (const path of ['/', '/?api=http://x', '/page.js', '/client/index.js', '/client/client.js', '/client/api-error.js']) {
    t.equal((await fetch(url + path)).status, 200, path)
  }
  for (const path of ['/client/', '/../package.json', '/nothing.js']) t.not((await fetch(url + path)).headers.get('content-type'), 'application/json', path)
  t.equal((await fetch(`${url}/nothing.js`)).status, 404)
})
