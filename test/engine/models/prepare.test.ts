import { deserialize } from 'node:v8'
import t from 'tap'
import { infoOf, prepareModel } from '../../../engine/models/prepare.ts'
import type { PreparedDetector } from '../../../engine/tasks/detect-pipeline.ts'
import { builtInArtifacts } from '../../../models/artifact.ts'
import { compileModel, readModel } from '../../../models/kinds/kinds.ts'

const [artifact] = builtInArtifacts()

t.test('a description has the tasks and precisions of a model', async t => {
  t.match(await infoOf(artifact!), { name: 'nanodet-m-416', tasks: ['detect', 'features', 'explain', 'profile', 'infer'], precision: 'fp32', precisions: ['fp32', 'int8'] })
  t.match(await infoOf({ ...artifact!, ignored: ['a'], notes: ['b'] }), { ignoredKeys: ['a'], notes: ['b'] })
})

t.test('tasks with the same needs share a part; workers get the compiled network', async t => {
  const { parts, body, info } = await prepareModel(artifact!)
  t.match(parts, [{ tasks: ['detect', 'profile'] }, { tasks: ['features', 'explain', 'infer'] }])
  t.equal(parts.reduce((sum, { chunks }) => sum + chunks, 0), body.length)
  t.equal(info.layers.length, 162)
  const { onnx } = deserialize(Buffer.concat(body.slice(0, parts[0]!.chunks))) as PreparedDetector
  t.equal(Buffer.compare(onnx, compileModel(await readModel(artifact!))), 0)
})
