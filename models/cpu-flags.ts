import { readFileSync } from 'node:fs'

const CPU_INFO = '/proc/cpuinfo'
/** Instruction sets that add up products of bytes in 32 bits, in the names of /proc/cpuinfo. */
const EXACT = ['avx512_vnni', 'avx_vnni']

/**
 * Instruction sets of this machine's CPU, sorted, in the names of /proc/cpuinfo. Empty where that file does not exist (macOS, Windows).
 * @param text the file's content
 */
export function cpuFlags (text = readCpuInfo()): readonly string[] {
  const [, list = ''] = /^(?:flags|Features)\s*:(.*)$/m.exec(text) ?? []
  return list.split(' ').filter(flag => flag !== '').sort()
}

/**
 * Bits of int8 kernels with which onnxruntime's sums are exact on this machine: 8, or 7 on x64 without VNNI (or if that is unknown), where
 * pairs of products are added up in 16 bits that saturate (vpmaddubsw).
 */
export const kernelBits = (arch: string = process.arch, flags = cpuFlags()): KernelBits =>
  arch !== 'x64' || EXACT.some(flag => flags.includes(flag)) ? 8 : 7
export type KernelBits = 7 | 8

function readCpuInfo (): string {
  try {
    return readFileSync(CPU_INFO, 'utf8')
  } catch {
    return ''
  }
}
