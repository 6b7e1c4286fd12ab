import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { readArtifact } from '../../cli/read-model.ts'
import { detect } from '../../engine/tasks/detect.ts'
import { ARTIFACT } from '../support/built-in.ts'
import { photo } from '../support/files.ts'

const MAIN = fileURLToPath(new URL('../../bench/bare-process.js', import.meta.url))

t.test('says when it is ready, runs for a while, and ends with its parent', async t => {
  const path = `${t.testdir({ 'a.jpg': photo('sample-me.jpg') })}/a.jpg`
  const child = fork(MAIN, ['1', path], { serialization: 'advanced' })
  child.send({ ...await detect.prepare(await readArtifact(ARTIFACT)) })
  t.same(await once(child, 'message').then(([message]) => message), 'ready')
  child.send(0.2)
  const [{ photos, seconds }] = await once(child, 'message')
  t.ok(photos > 0 && seconds >= 0.2)
  child.disconnect()
  t.same(await once(child, 'exit'), [0, null])
})
