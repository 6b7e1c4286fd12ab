import type { ModelConfig } from '../models/config.ts'
import { REGISTRY } from '../models/registry.ts'
import { UsageError } from './command.ts'

/**
 * The model of the registry that a command's first argument names, be there weights for it or not.
 * @param command how it is called: `npm run summary`
 * @throws UsageError
 */
export function readModel (name: string | undefined, command: string): ModelConfig {
  const names = [...REGISTRY.keys()].join(', ')
  if (name === undefined) throw new UsageError(`Expected a model: ${command} -- MODEL; there is ${names}`)
  const config = REGISTRY.get(name)
  if (config === undefined) throw new UsageError(`There is no model ${name}; there is ${names}`)
  return config
}
