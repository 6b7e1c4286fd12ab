import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { bundle } from '../../bin/bundle.ts'
import { photo } from '../support/files.ts'
import { spawnServer } from '../support/server-process.ts'

const NATIVE = /libvips|onnxruntime/
const linuxOnly = { skip: existsSync('/proc/self/maps') ? false : 'needs /proc' }

async function detections (t: Test, main?: string): Promise<unknown> {
  const server = spawnServer(t, { PRECISION: 'int8' }, { ...(main !== undefined && { main }), bare: true })
  await server.logged(/^ready$/)
  return (await post(`${await server.url()}/detect`)).detections
}

const post = async (url: string): Promise<{ detections: unknown[] }> => {
  const reply = await fetch(url, { method: 'POST', body: new Uint8Array(photo('sample-me.jpg')), headers: { 'content-type': 'image/jpeg' } })
  return await reply.json() as { detections: unknown[] }
}

t.test('the bundled server', async t => {
  const folder = t.testdir({ old: '' })
  await bundle(folder)
  t.notOk(existsSync(`${folder}/old`))
  for (const name of ['nanodet', 'main', 'worker', 'loader']) t.ok(existsSync(`${folder}/${name}.js`), name)
  t.ok(readdirSync(folder).length < 200)

  await t.test('imports packages by their names', async t => {
    const nameless = readdirSync(folder).filter(name => /^export default require_/m.test(readFileSync(`${folder}/${name}`, 'utf8')))
    t.same(nameless, [])
  })

  await t.test('sends traces', async t => {
    const collector = createServer((request, response) => { request.resume().on('end', () => response.end('{}')) }).listen(0)
    t.teardown(() => collector.close())
    await once(collector, 'listening')
    const endpoint = `http://localhost:${(collector.address() as AddressInfo).port}`
    const server = spawnServer(t, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '100' }, { main: `${folder}/main.js`, bare: true })
    const [[request]] = await Promise.all([once(collector, 'request'), server.logged(/^ready$/).then(async () => await post(`${await server.url()}/detect`))])
    t.equal(request.url, '/v1/traces')
  })

  await t.test('answers as the other', async t => {
    t.same(await detections(t, `${folder}/main.js`), await detections(t))
  })

  await t.test('has its documentation, its page and its programs, and loads no native library', linuxOnly, async t => {
    const server = spawnServer(t, { MODELS_DIR: t.testdir() }, { main: `${folder}/nanodet.js`, args: ['serve', '--log-level', 'info'], bare: true })
    const url = await server.url()
    for (const path of ['/', '/page/app.js', '/docs', '/docs/static/swagger-ui.css', '/openapi.json']) t.equal((await fetch(url + path)).status, 200, path)
    await server.logged(/^ready$/)
    const { detections, ...maps } = await post(`${url}/explain`) as { detections: unknown[] }
    t.ok(detections.length > 0, JSON.stringify(maps).slice(0, 200))
    const programs = server.children.map(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1]!)
    t.ok(programs.length > 0)
    for (const program of programs) t.ok(program.startsWith(folder), program)
    t.notMatch(readFileSync(`/proc/${server.child.pid}/maps`, 'utf8'), NATIVE)
    t.match(readFileSync(`/proc/${server.children[0]}/maps`, 'utf8'), NATIVE)
  })
})
