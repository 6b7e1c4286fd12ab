import { readStateDict } from '../cli/store.ts'
import type { ModelConfig } from '../models/config.ts'
import type { NetworkModel } from '../models/model.ts'
import { builtInRanges, readRanges } from '../models/ranges-file.ts'

/**
 * A model as the server runs it with the same environment: in int8 where PRECISION says so and there are ranges.
 * @throws CommandError naming the file that can't be used
 */
export async function readNetwork (config: ModelConfig, checkpoint?: string): Promise<NetworkModel> {
  const stateDict = await readStateDict(config, checkpoint)
  const ranges = process.env['PRECISION'] === 'int8' && checkpoint === undefined ? builtInRanges(config) : undefined
  return { kind: 'detector', config, stateDict, ...(ranges !== undefined && { ranges: await readRanges(ranges) }) }
}
