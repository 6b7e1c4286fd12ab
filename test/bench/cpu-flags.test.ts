import t from 'tap'
import { cpuFlags } from '../../bench/cpu-flags.ts'

t.test('flags in order, of x64 and of ARM', async t => {
  t.same(cpuFlags('processor\t: 0\nflags\t\t: fpu avx2 avx\nbugs\t\t: none\n'), ['avx', 'avx2', 'fpu'])
  t.same(cpuFlags('Features\t: fp asimd\n'), ['asimd', 'fp'])
  t.same(cpuFlags(''), [])
})

t.test('of this machine', async t => {
  t.equal(cpuFlags().length > 0, process.platform === 'linux')
})
