import { sameShape } from '../../nn/dim.ts'
import { NetworkError } from '../../nn/errors.ts'
import { neckSpecOf } from '../architectures.ts'
import { zeros } from '../checkpoints/state-dict.ts'
import type { ModelConfig } from '../config.ts'
import { buildOnImage, type Network } from '../network.ts'
import { ModelFileError } from '../errors.ts'

/**
 * Builds the network that a file describes, with weights of zeros, and checks the head's strides against its levels. As
 * upstream, a head may have fewer strides: it passes over the last levels.
 * @throws ModelFileError if the parts do not fit together
 */
export function checkConfig (config: ModelConfig): Network {
  const { name, neck, head } = config
  const fail = (problem: string): never => { throw new ModelFileError(name, problem) }
  const problem = neckSpecOf(neck).problem?.(neck)
  if (problem !== undefined) fail(`the neck ${problem}`)
  const network = build(config)
  const strides = network.levels.map(({ stride }) => stride)
  if (!sameShape(strides.slice(0, head.strides.length), head.strides)) {
    fail(`the head has the strides ${head.strides.join(', ')}, its levels have ${strides.join(', ')}`)
  }
  return network
}

function build (config: ModelConfig): Network {
  try {
    return buildOnImage(config, zeros(false))
  } catch (error) {
    if (error instanceof NetworkError) throw new ModelFileError(config.name, `the parts do not fit together: ${error.message}`)
    throw error
  }
}
