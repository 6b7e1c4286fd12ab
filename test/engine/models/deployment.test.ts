import { getEventListeners } from 'node:events'
import t from 'tap'
import { Deployment, MODEL_STATES } from '../../../engine/models/deployment.ts'
import { Version } from '../../../engine/models/version.ts'
import { infoOf, settled } from '../../support/store-parts.ts'

const deploymentOf = (): Deployment => new Deployment('street', { builtIn: 'street', precision: 'fp32' })
const versionOf = (number = 1): Version => new Version(`street#${number}`, infoOf('street'), new Map())

t.test('unloaded, loading, ready, unloaded', async t => {
  const deployment = deploymentOf()
  const version = versionOf()
  const seen = [deployment.state.name]
  t.match(deployment, { name: 'street', origin: { builtIn: 'street' }, info: undefined, version: undefined, problem: undefined })
  deployment.begin()
  seen.push(deployment.state.name)
  t.equal(deployment.version, undefined)
  t.equal(deployment.succeed(version), undefined, 'it takes the place of none')
  seen.push(deployment.state.name)
  t.equal(deployment.version, version)
  t.equal(deployment.clear(), version)
  seen.push(deployment.state.name)
  t.equal(deployment.version, undefined)
  t.equal(deployment.info, version.info, 'what is known of it stays known')
  t.equal(deployment.clear(), undefined)
  t.same(seen, ['unloaded', 'loading', 'ready', 'unloaded'])
  t.same(MODEL_STATES.toSorted(), ['failed', 'loading', 'ready', 'unloaded'])
})

t.test('while it loads again, and if that fails, requests use the previous version', async t => {
  const deployment = deploymentOf()
  const [first, second] = [versionOf(1), versionOf(2)]
  deployment.succeed(first)
  deployment.begin()
  t.equal(deployment.state.name, 'loading')
  t.equal(deployment.version, first)
  deployment.fail('no weights', false)
  t.match(deployment, { state: { name: 'ready' }, version: first, problem: 'no weights' })
  deployment.begin()
  t.equal(deployment.succeed(second), first)
  t.match(deployment, { version: second, problem: undefined })
})

t.test('the version in use can be cleared during a load, which continues', async t => {
  const deployment = deploymentOf()
  const first = versionOf(1)
  deployment.succeed(first)
  deployment.begin()
  t.equal(deployment.clear(), first)
  t.match(deployment, { state: { name: 'loading' }, version: undefined })
  t.equal(deployment.succeed(versionOf(2)), undefined)
})

t.test('its description is known before it is loaded', async t => {
  const deployment = deploymentOf()
  const info = infoOf('street')
  deployment.described(info)
  t.equal(deployment.info, info)
  const version = versionOf()
  deployment.succeed(version)
  t.equal(deployment.info, version.info)
})

t.test('if a process failed, it may be retried, with growing delays', async t => {
  const deployment = deploymentOf()
  const secondsToWait = (): number => {
    deployment.begin()
    deployment.fail('killed', true)
    const { state } = deployment
    return state.name === 'failed' ? Math.round((state.retryAt - performance.now()) / 1000) : NaN
  }
  t.same(Array.from({ length: 8 }, secondsToWait), [5, 10, 20, 40, 80, 160, 300, 300])
  deployment.succeed(versionOf())
  deployment.clear()
  t.equal(secondsToWait(), 5, 'after a load that succeeded it starts anew')
})

t.test('if its files are at fault, it is not retried', async t => {
  const deployment = deploymentOf()
  deployment.begin()
  deployment.fail('no weights', false)
  t.match(deployment, { state: { name: 'failed', retryAt: Infinity }, problem: 'no weights' })
  deployment.clear()
  t.equal(deployment.state.name, 'failed', 'unloading does not make it whole')
})

t.test('all waiting requests get the version, leased', async t => {
  const deployment = deploymentOf()
  const waiting = [deployment.wait({}), deployment.wait({ deadline: performance.now() + 60_000 })]
  t.ok(deployment.isWanted)
  const version = versionOf()
  deployment.succeed(version)
  t.equal(version.leases, 2, 'at once: nobody can unload it in between')
  t.same(await Promise.all(waiting), [version, version])
  t.notOk(deployment.isWanted)
})

t.test('waiting requests fail when it fails, and when the server closes', async t => {
  const deployment = deploymentOf()
  const failed = deployment.wait({})
  deployment.fail('no weights', false)
  await t.rejects(failed, { name: 'ModelLoadError', message: 'The model street can\'t be loaded: no weights' })
  const closed = deployment.wait({})
  deployment.close()
  await t.rejects(closed, { name: 'ClosedError' })
})

t.test('requests that give up leave nothing', async t => {
  const deployment = deploymentOf()
  const controller = new AbortController()
  const { signal } = controller
  const aborted = deployment.wait({ signal })
  const late = deployment.wait({ deadline: performance.now() + 10, signal })
  await t.rejects(late, { name: 'OverloadError', reason: 'model_loading', retryAfter: 2 })
  t.ok(deployment.isWanted, 'the other still waits')
  t.equal(getEventListeners(signal, 'abort').length, 1)
  controller.abort()
  await t.rejects(aborted, { name: 'AbortedError' })
  await t.rejects(deployment.wait({ signal }), { name: 'AbortedError' }, 'one that has left before')
  await t.rejects(deployment.wait({ deadline: 0 }), { name: 'OverloadError' }, 'a deadline that has passed before')
  t.notOk(deployment.isWanted)
  t.equal(getEventListeners(signal, 'abort').length, 0)
  const version = versionOf()
  deployment.succeed(version)
  await settled()
  t.equal(version.leases, 0)
})

t.test('a load can be forced without waiting requests', async t => {
  const deployment = deploymentOf()
  deployment.isForced = true
  t.ok(deployment.isWanted)
})
