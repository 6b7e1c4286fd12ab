import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { cpuFlags, kernelBits } from '../../models/cpu-flags.ts'

const INTEL = 'processor\t: 0\nmodel name\t: Xeon\nflags\t\t: sse4_1 avx2 avx512_vnni fpu\nbugs\t\t: spectre_v1\n\nprocessor\t: 1\nflags\t\t: other\n'
const ARM = 'processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd asimddp bf16\nCPU part\t: 0xd40\n'

t.test('flags are those of the first processor, in order', t => {
  t.same(cpuFlags(INTEL), ['avx2', 'avx512_vnni', 'fpu', 'sse4_1'])
  t.same(cpuFlags(ARM), ['asimd', 'asimddp', 'bf16', 'fp'])
  t.same(cpuFlags('processor\t: 0\n'), [])
  t.end()
})

t.test('flags are read from the system', t => {
  const [, first] = existsSync('/proc/cpuinfo') ? /^(?:flags|Features)\s*: (\S+)/m.exec(readFileSync('/proc/cpuinfo', 'utf8')) ?? [] : []
  t.equal(cpuFlags().includes(first ?? 'none'), first !== undefined)
  t.end()
})

t.test('kernels have seven bits unless sums are known to be exact', t => {
  t.equal(kernelBits('x64', ['avx2']), 7)
  t.equal(kernelBits('x64', []), 7)
  t.equal(kernelBits('x64', ['avx512_vnni']), 8)
  t.equal(kernelBits('x64', ['avx_vnni']), 8)
  t.equal(kernelBits('arm64', []), 8)
  t.equal(kernelBits(), kernelBits(process.arch, cpuFlags()))
  t.end()
})
