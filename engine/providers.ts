/** Execution providers: what onnxruntime runs a network on. Imports nothing. */

export const CPU = 'cpu'

/** Names that onnxruntime-node knows on some platform. */
export const PROVIDER_NAMES = [CPU, 'cuda', 'tensorrt', 'dml', 'coreml', 'webgpu', 'qnn'] as const

/** Those that take the number of a device. */
const NUMBERED: readonly string[] = ['cuda', 'tensorrt', 'dml']

/** A provider as onnxruntime takes it. */
export interface Provider { readonly name: string, readonly deviceId?: number }

/** `cuda`, or `cuda:1` for its second device. */
export function parseProvider (text: string): Provider {
  const [name = '', device] = text.split(':')
  return device === undefined ? { name } : { name, deviceId: Number(device) }
}

/** Whether a text names a provider, with a device's number where it can have one. */
export function isProvider (text: string): boolean {
  const [name = '', device, ...rest] = text.split(':')
  const isKnown = (PROVIDER_NAMES as readonly string[]).includes(name)
  return isKnown && rest.length === 0 && (device === undefined || (NUMBERED.includes(name) && /^\d{1,2}$/.test(device)))
}
