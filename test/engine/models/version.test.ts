import t from 'tap'
import { Version } from '../../../engine/models/version.ts'
import { infoOf, settled } from '../../support/store-parts.ts'

const body = [Uint8Array.of(1, 2), Uint8Array.of(3)]
const versionOf = (): Version => new Version('street#1', infoOf('street'), new Map([['detect', body]]))

t.test('parts that each task prepared', async t => {
  const version = versionOf()
  t.match(version, { id: 'street#1', info: { name: 'street' } })
  t.equal(version.part('detect'), body)
  t.same(version.part('classify'), [], 'a task that it does not support')
})

t.test('it is drained when the last lease is released', async t => {
  const version = versionOf()
  await t.resolves(version.drained(), 'at once where there is none')
  t.equal(version.lease(), version)
  version.lease()
  t.equal(version.leases, 2)
  let isDrained = false
  const drained = version.drained().then(() => { isDrained = true })
  version.release()
  await settled()
  t.notOk(isDrained)
  version.release()
  await drained
  t.equal(version.leases, 0)
})
