import t from 'tap'
import { offeredProviders } from '../../../engine/session.ts'
import { onProviders } from '../../../engine/tasks/on-providers.ts'
import { compileModel } from '../../../models/kinds/kinds.ts'
import { seededModel, SMALL } from '../../support/model-files.ts'

const networks = { onnx: compileModel(seededModel(SMALL)), precision: 'int8', portable: new Uint8Array(10) } as const

t.test('a network runs on the first provider that can load it, and on the CPU in its own precision', async t => {
  const [session, running] = await onProviders(networks, { threads: 1, providers: ['none', 'cpu'] }, async (...loaded) => loaded)
  t.match(running, { provider: 'cpu', precision: 'int8', isBatched: false, skipped: [/^none: ONNX Runtime can't load the graph on none: \S/] })
  await session.release()
  t.match(await onProviders(networks, { threads: 1 }, async (_session, running) => running), { provider: 'cpu', skipped: [] })
})

t.test('it fails as on the last one, also in its first runs', async t => {
  const fails = (providers: string[], message: RegExp) =>
    t.rejects(onProviders(networks, { threads: 1, providers }, async () => { throw new Error('no memory') }), { message })
  await fails(['cpu', 'none'], /on none/)
  await fails(['none', 'cpu'], /^no memory$/)
})

t.test('a provider whose libraries or device are missing is skipped; where they are there, it runs the portable graph', async t => {
  const providers = [...offeredProviders().filter(name => name !== 'cpu'), 'cpu']
  const portable = compileModel(seededModel(SMALL), [], undefined, { isPortable: true })
  const [session, running] = await onProviders({ ...networks, portable }, { threads: 1, providers }, async (...loaded) => loaded)
  t.equal(providers[running.skipped.length], running.provider)
  t.equal(running.precision, running.provider === 'cpu' ? 'int8' : 'fp32')
  await session.release()
})
