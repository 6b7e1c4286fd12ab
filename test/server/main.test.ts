import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { photo } from '../support/files.ts'

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url))

function start (t: Test, env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, ...env } })
  const lines: Array<Record<string, unknown>> = []
  let text = ''
  child.stdout.on('data', chunk => {
    const parts = (text + chunk).split('\n')
    text = parts.pop()!
    lines.push(...parts.map(line => JSON.parse(line)))
  })
  t.teardown(() => child.kill('SIGKILL'))
  const logged = async (message: RegExp): Promise<Record<string, unknown>> => {
    for (;;) {
      const line = lines.find(({ msg }) => message.test(String(msg)))
      if (line) return line
      await once(child.stdout, 'data')
    }
  }
  return { child, logged }
}

t.test('serves, and on SIGTERM answers what it has accepted before it exits', async t => {
  const { child, logged } = start(t, { PORT: '0', WORKERS: '1' })
  const { msg } = await logged(/listening/)
  const base = /http:\S+/.exec(String(msg))![0]
  await logged(/^ready$/)
  const post = async () => {
    const response = await fetch(`${base}/detect`, { method: 'POST', body: new Uint8Array(photo('sample1.jpg')), headers: { 'content-type': 'image/jpeg' } })
    return response.json() as Promise<{ detections: unknown[] }>
  }
  t.ok((await post()).detections.length > 0)
  const pending = [post(), post()]
  await new Promise(resolve => setTimeout(resolve, 30))
  child.kill('SIGTERM')
  for (const { detections } of await Promise.all(pending)) t.ok(detections.length > 0)
  t.same(await once(child, 'exit'), [0, null])
  await t.rejects(fetch(`${base}/health/live`))
})

t.test('a wrong configuration is one readable message, and no start', async t => {
  const { child } = start(t, { PORT: 'http' })
  let stderr = ''
  child.stderr.on('data', chunk => { stderr += chunk })
  t.same(await once(child, 'close'), [1, null])
  t.match(stderr, /^PORT: [^\n]+\n$/)
})
