import { readFileSync } from 'node:fs'

const CPU_INFO = '/proc/cpuinfo'

/**
 * Instruction sets of this machine's CPU, sorted, in the names of /proc/cpuinfo. Empty where that file does not exist (macOS, Windows).
 * @param text the file's content
 */
export function cpuFlags (text = readCpuInfo()): readonly string[] {
  const [, list = ''] = /^(?:flags|Features)\s*:(.*)$/m.exec(text) ?? []
  return list.split(' ').filter(flag => flag !== '').sort()
}

function readCpuInfo (): string {
  try {
    return readFileSync(CPU_INFO, 'utf8')
  } catch {
    return ''
  }
}
