import t, { type Test } from 'tap'
import { Version } from '../../../engine/models/version.ts'
import { Supervisor, type Wanted, type WorkerEnd } from '../../../engine/processes/supervisor.ts'
import type { WorkerProcess } from '../../../engine/processes/worker-process.ts'
import { readVersion, until } from '../../support/versions.ts'

function supervise (t: Test) {
  const ends: WorkerEnd[] = []
  const lost: Array<{ version: Version, error: Error }> = []
  const gone: WorkerProcess[] = []
  const onEnd = (end: WorkerEnd): void => { ends.push(end) }
  const onLost = (version: Version, error: Error): void => { lost.push({ version, error }) }
  const supervisor = new Supervisor({ workers: 1, threads: 1, onEnd, onLost }, () => {}, worker => gone.push(worker))
  t.teardown(() => supervisor.close())
  return { supervisor, ends, lost, gone }
}

const wantedOf = (version: Version): Wanted => ({ version, task: 'detect', crashes: 0 })
const workerOf = ({ ready }: Supervisor): WorkerProcess => [...ready][0]!

t.test('a worker is ready with everything that is wanted, and so is the one after it', async t => {
  const { supervisor, ends, gone } = supervise(t)
  const version = await readVersion(t)
  supervisor.want(wantedOf(version))
  await supervisor.start()
  const worker = workerOf(supervisor)
  t.ok(worker.has(version, 'detect'))
  process.kill(worker.pid!, 'SIGKILL')
  await until(() => ends.length > 0)
  await until(() => supervisor.ready.size > 0)
  t.same(gone, [worker])
  t.match(ends, [{ pid: worker.pid, reason: 'it was ended by SIGKILL' }])
  t.ok(workerOf(supervisor).has(version, 'detect'))
})

t.test('what can\'t be built is wanted no more', async t => {
  const { supervisor, lost } = supervise(t)
  const { info } = await readVersion(t)
  const wanted = wantedOf(new Version('broken#1', info, new Map([['detect', [Buffer.from('no model')]]])))
  supervisor.want(wanted)
  await supervisor.start()
  t.equal(supervisor.ready.size, 1, 'the worker does without')
  t.equal(lost.length, 1)
  t.equal(wanted.error, lost[0]!.error)
})

t.test('a model that ends worker after worker is given up', async t => {
  const { supervisor, ends, lost } = supervise(t)
  const version = await readVersion(t)
  const wanted = wantedOf(version)
  supervisor.want(wanted)
  const started = supervisor.start()
  const poll = setInterval(() => {
    for (const worker of supervisor.starting) if (worker.loading) process.kill(worker.pid!, 'SIGKILL')
  }, 1)
  t.teardown(() => clearInterval(poll))
  await started
  clearInterval(poll)
  t.equal(ends.length, 3)
  t.match(lost, [{ version, error: { ended: true, message: /workers ended while loading it/ } }])
  t.equal(supervisor.ready.size, 1)
})

t.test('workers that end before they have worked are started after growing delays', async t => {
  const { supervisor, ends } = supervise(t)
  supervisor.start()
  const poll = setInterval(() => { for (const worker of supervisor.starting) if (worker.pid) process.kill(worker.pid, 'SIGKILL') }, 1)
  t.teardown(() => clearInterval(poll))
  t.ok(await until(() => ends.length === 3) > 700)
  await supervisor.close()
  t.equal(supervisor.ready.size, 0)
})

t.test('a model that loads again after workers ended over it is not given up, however often that happens', async t => {
  const { supervisor, ends, lost } = supervise(t)
  const version = await readVersion(t)
  supervisor.want(wantedOf(version))
  await supervisor.start()
  for (let round = 0; round < 3; round++) {
    const before = ends.length
    process.kill(workerOf(supervisor).pid!, 'SIGKILL')
    await until(() => [...supervisor.starting].some(worker => worker.loading))
    for (const worker of supervisor.starting) process.kill(worker.pid!, 'SIGKILL')
    await until(() => ends.length === before + 2 && supervisor.ready.size === 1, 20)
  }
  t.same(lost, [])
  t.ok(workerOf(supervisor).has(version, 'detect'))
})

t.test('any number of workers can start', async t => {
  const { supervisor } = supervise(t)
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => { warnings.push(warning) }
  process.on('warning', onWarning)
  for (let i = 0; i < 12; i++) supervisor.start()
  await supervisor.close()
  await new Promise(resolve => setImmediate(resolve))
  process.off('warning', onWarning)
  t.same(warnings, [])
})
