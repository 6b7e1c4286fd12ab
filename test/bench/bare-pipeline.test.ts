import t from 'tap'
import { BarePipeline } from '../../bench/bare-pipeline.ts'
import { detect } from '../../engine/tasks/detect.ts'
import { readArtifact } from '../../cli/read-model.ts'
import { ARTIFACT } from '../support/built-in.ts'
import { photo } from '../support/files.ts'

t.test('a pipeline without a server', async t => {
  const pipeline = await BarePipeline.load(await detect.prepare(await readArtifact(ARTIFACT)), 1)
  t.teardown(() => pipeline.release())
  const me = { path: 'me.jpg', bytes: photo('sample-me.jpg') }
  const text = { path: 'text.jpg', bytes: Buffer.from('text') }

  await t.test('finds objects in a photo', async t => {
    t.equal((await pipeline.detect(me))[0]!.label, 'person')
    await t.rejects(pipeline.detect(text), { name: 'ImageError' })
  })

  await t.test('runs for some time, and continues after the last photo', async t => {
    const { photos, seconds } = await pipeline.runFor(0.2, [me])
    t.ok(photos > 0 && seconds >= 0.2)
    const list = [...Array.from({ length: photos }, () => text), me, text]
    await t.rejects(pipeline.runFor(10, list), { name: 'ImageError' })
    await t.rejects(pipeline.runFor(10, list), { name: 'ImageError' })
  })
})
