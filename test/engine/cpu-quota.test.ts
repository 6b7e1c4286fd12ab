import t from 'tap'
import { availableCpus } from '../../engine/cpu-quota.ts'

const V1 = '/sys/fs/cgroup/cpu/cpu.cfs'
const cpus = (files: Record<string, string>, cores = 16): number => availableCpus(path => files[path], cores)

t.test('the quota of the container, not the cores of the machine', async t => {
  t.equal(cpus({ '/sys/fs/cgroup/cpu.max': '200000 100000\n' }), 2)
  t.equal(cpus({ '/sys/fs/cgroup/cpu.max': '250000 100000\n' }), 2)
  t.equal(cpus({ '/sys/fs/cgroup/cpu.max': '50000 100000\n' }), 1, 'half a core is one thread')
  t.equal(cpus({ [`${V1}_quota_us`]: '300000\n', [`${V1}_period_us`]: '100000\n' }), 3)
})

t.test('without a quota, all cores', async t => {
  t.equal(cpus({ '/sys/fs/cgroup/cpu.max': 'max 100000\n' }), 16)
  t.equal(cpus({ [`${V1}_quota_us`]: '-1\n', [`${V1}_period_us`]: '100000\n' }), 16)
  t.equal(cpus({}), 16)
  t.equal(cpus({ '/sys/fs/cgroup/cpu.max': '900000 100000\n' }, 4), 4, 'a quota gives no cores that are not there')
  t.ok(availableCpus() >= 1)
})
