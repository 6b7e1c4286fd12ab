import t from 'tap'
import { availableCpus } from '../../engine/cpu-quota.ts'

const ROOT = '/sys/fs/cgroup'
const SELF = '/proc/self/cgroup'
const UNIT = '/system.slice/nanodet-server.service'
const cpus = (files: Record<string, string>, cores = 16): number => availableCpus(path => files[path], cores)
const v1 = (folder: string, quota: number) => ({ [`${folder}/cpu.cfs_quota_us`]: `${quota}\n`, [`${folder}/cpu.cfs_period_us`]: '100000\n' })

t.test('the quota of the container, not the cores of the machine', async t => {
  t.equal(cpus({ [SELF]: '0::/\n', [`${ROOT}/cpu.max`]: '200000 100000\n' }), 2)
  t.equal(cpus({ [`${ROOT}/cpu.max`]: '250000 100000\n' }), 2, 'without /proc')
  t.equal(cpus({ [`${ROOT}/cpu.max`]: '50000 100000\n' }), 1, 'half a core is one worker')
  t.equal(cpus(v1(`${ROOT}/cpu`, 300_000)), 3)
  t.equal(cpus(v1(`${ROOT}/cpu,cpuacct`, 300_000)), 3)
})

t.test('the quota of a systemd unit, which is below the root', async t => {
  t.equal(cpus({ [SELF]: `0::${UNIT}\n`, [`${ROOT}${UNIT}/cpu.max`]: '300000 100000\n' }), 3)
  t.equal(cpus({ [SELF]: `0::${UNIT}\n`, [`${ROOT}/unified${UNIT}/cpu.max`]: '300000 100000\n' }), 3, 'hybrid mounts')
  t.equal(cpus({ [SELF]: `12:memory:/\n4:cpu,cpuacct:${UNIT}\n1:name=systemd:${UNIT}\n`, ...v1(`${ROOT}/cpu,cpuacct${UNIT}`, 500_000) }), 5)
})

t.test('the lowest quota of all cgroups above', async t => {
  const nested = { [SELF]: `0::${UNIT}\n`, [`${ROOT}${UNIT}/cpu.max`]: 'max 100000\n', [`${ROOT}/system.slice/cpu.max`]: '400000 100000\n' }
  t.equal(cpus(nested), 4, 'of the slice')
  t.equal(cpus({ ...nested, [`${ROOT}${UNIT}/cpu.max`]: '200000 100000\n' }), 2, 'of the unit')
  t.equal(cpus({ [SELF]: '4:cpu,cpuacct:/docker/1f\n', ...v1(`${ROOT}/cpu,cpuacct/docker/1f`, -1), ...v1(`${ROOT}/cpu,cpuacct/docker`, 600_000) }), 6)
  t.equal(cpus({ [SELF]: '0::/../../kubepods\n', [`${ROOT}/cpu.max`]: '700000 100000\n' }), 7, 'a path that leads out of the namespace')
})

t.test('without a quota, all cores', async t => {
  t.equal(cpus({ [SELF]: '0::/\n', [`${ROOT}/cpu.max`]: 'max 100000\n' }), 16)
  t.equal(cpus(v1(`${ROOT}/cpu`, -1)), 16)
  t.equal(cpus({ [SELF]: 'garbage' }), 16)
  t.equal(cpus({}), 16)
  t.equal(cpus({ [`${ROOT}/cpu.max`]: '900000 100000\n' }, 4), 4, 'a quota adds no cores')
  t.ok(availableCpus() >= 1)
})
