import { readStateDict } from '../cli/store.ts'
import type { ModelConfig } from '../models/config.ts'
import type { NetworkModel } from '../models/model.ts'
import { builtInCalibration, readCalibration } from '../models/calibration-table.ts'

/**
 * A model as the server runs it with the same environment: in int8 if PRECISION says so and it has a calibration table.
 * @throws CommandError naming the file that can't be used
 */
export async function readNetwork (config: ModelConfig, checkpoint?: string): Promise<NetworkModel> {
  const stateDict = await readStateDict(config, checkpoint)
  const calibration = process.env['PRECISION'] === 'int8' && checkpoint === undefined ? builtInCalibration(config) : undefined
  return { kind: 'detector', config, stateDict, ...(calibration !== undefined && { calibration: await readCalibration(calibration) }) }
}
