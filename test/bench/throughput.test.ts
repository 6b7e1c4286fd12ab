import t from 'tap'
import { measureThroughput } from '../../bench/throughput.ts'
import { readArtifact } from '../../cli/read-model.ts'
import { ARTIFACT } from '../support/built-in.ts'
import { photo } from '../support/files.ts'
import { startApp } from '../support/server.ts'

const model = await readArtifact(ARTIFACT)

t.test('a server beside a bare pipeline', async t => {
  const { app } = await startApp(t)
  const server = { base: await app.listen({ port: 0, host: '127.0.0.1' }), pid: process.pid, workers: 1, threads: 1 }
  const folder = t.testdir({ 'a.jpg': photo('sample-me.jpg'), 'b.jpg': 'text' })
  const [a, b] = ['a.jpg', 'b.jpg'].map(name => ({ path: `${folder}/${name}`, bytes: photo('sample-me.jpg') }))
  const turns = { turns: 2, seconds: 0.4 }

  const throughput = await measureThroughput(server, model, [a!], turns)
  t.match(throughput, { clients: 8, pipelines: 1, ...turns })
  t.ok(throughput.requests_per_second > 1 && throughput.images_per_second > 1)
  t.ok(throughput.ratio > 0.1 && throughput.ratio < 10)

  const noPhoto = { path: a!.path, bytes: Buffer.from('text') }
  await t.rejects(measureThroughput(server, model, [noPhoto], turns), { name: 'CommandError', message: /failed on/ })
  await t.rejects(measureThroughput(server, model, [b!], turns), { name: 'CommandError', message: /ended: exit code/ })
})
