import { readdirSync } from 'node:fs'
import t, { type Test } from 'tap'
import { Profiler } from '../../../engine/profile/profiler.ts'
import { layersOf as anyLayersOf } from '../../../engine/models/layers-of.ts'
import type { ProfileOutput } from '../../../engine/profile/report.ts'
import { builtInArtifacts } from '../../../models/artifact.ts'
import { compileModel, readModel } from '../../../models/kinds/kinds.ts'
import type { DetectorModel } from '../../../models/model.ts'
import { summarize } from '../../../models/summary.ts'
import { ARTIFACT, MODEL } from '../../support/built-in.ts'
import { detectorConfig, seededModel, SMALL } from '../../support/model-files.ts'
import { opaqueGraph } from '../../support/opaque-graph.ts'

/** A folder for this test's temporary files. */
function temporaryFolder (t: Test): string {
  const folder = t.testdir()
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  t.teardown(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  })
  return folder
}

async function profileOf (model: DetectorModel, runs = 3): Promise<ProfileOutput> {
  const layers = (await anyLayersOf(model)).map(({ name }) => name)
  return await new Profiler({ config: model.config, onnx: compileModel(model) }, 1).profile({ bytes: new Uint8Array(), runs, layers })
}

/** The runtime may leave files there, too. */
const profilesIn = (folder: string): string[] => readdirSync(folder).filter(name => name.startsWith('nanodet'))

const sum = (times: ReadonlyArray<{ ms: number }>): number => times.reduce((total, { ms }) => total + ms, 0)

function assertAddsUp (t: Test, { layers, nodes, otherMs, totalMs }: ProfileOutput): void {
  const outermost = layers.filter(({ name }) => !name.includes('.'))
  t.same(outermost.map(({ name }) => name), ['backbone', 'fpn', 'head'])
  t.ok(Math.abs(sum(outermost) + otherMs - sum(nodes)) < 0.001)
  t.ok(sum(nodes) > 0 && sum(nodes) < 1.5 * totalMs, `${sum(nodes)} of ${totalMs} ms`)
  for (const { name, ms } of layers) {
    const own = sum(nodes.filter(({ layer }) => layer === name))
    const inner = sum(layers.filter(other => other.name.startsWith(`${name}.`) && !other.name.slice(name.length + 1).includes('.')))
    t.ok(Math.abs(own + inner - ms) < 0.001, name)
  }
}

for (const precision of ['fp32', 'int8'] as const) {
  t.test(`the layers of the built-in model add up: ${precision}`, async t => {
    const folder = temporaryFolder(t)
    const profile = await profileOf(await readModel(builtInArtifacts(precision)[0]!) as DetectorModel)
    t.match(profile, { runs: 3, threads: 1, times: { inference: profile.totalMs } })
    assertAddsUp(t, profile)
    const named = new Set([...summarize(MODEL, false).layers.map(({ name }) => name), 'fpn.p3', 'fpn.p4', 'fpn.p5'])
    t.same(profile.layers.filter(({ name }) => !named.has(name)), [])
    t.equal(profile.nodes.some(({ op }) => op === 'QLinearConv'), precision === 'int8')
    t.same(profilesIn(folder), [])
  })
}

t.test('the graph of an ONNX file: each layer is an operator', async t => {
  const onnx = opaqueGraph(await readModel(ARTIFACT) as never)
  const { layers, nodes, otherMs } = await profileOf({ kind: 'opaque', config: detectorConfig(onnx), onnx, layers: [] }, 1)
  t.ok(layers.length > 60)
  t.equal(new Set(layers.map(({ name }) => name)).size, layers.length)
  t.ok(Math.abs(sum(layers) + otherMs - sum(nodes)) < 0.001)
})

t.test('networks that take any size', async t => {
  assertAddsUp(t, await profileOf(seededModel({ ...SMALL, resizeMode: 'keep-ratio' }), 2))
})

t.test('after two seconds, no further run starts', async t => {
  const start = performance.now()
  const { runs } = await profileOf(await readModel(ARTIFACT) as DetectorModel, 100_000)
  t.ok(runs >= 1 && runs < 5000)
  t.ok(performance.now() - start < 20_000)
})

t.test('a folder that can\'t be written, and a network that can\'t run', async t => {
  const folder = temporaryFolder(t)
  const onnx = compileModel(seededModel(SMALL))
  const input = { bytes: new Uint8Array(), runs: 1, layers: [] }
  const wrongSize = { ...SMALL, input: { width: 32, height: 32 } }
  await t.rejects(new Profiler({ config: wrongSize, onnx }, 1).profile(input), { message: /dimension|shape/i })
  t.same(profilesIn(folder), [])
  process.env['TMPDIR'] = `${folder}/missing`
  await t.rejects(new Profiler({ config: SMALL, onnx }, 1).profile(input), { message: /^the folder for temporary files can't be written: ENOENT/ })
})
