import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeSafetensors } from '../../models/checkpoints/safetensors.ts'
import { weightsOf, type Parameter, type StateDict } from '../../models/checkpoints/state-dict.ts'
import { buildClassifierOnImage } from '../../models/classifier.ts'
import { writeConfig } from '../../models/files/write-config.ts'
import { buildOnImage } from '../../models/network.ts'
import { fileError } from '../files.ts'
import { calibrationOf, type OutputFiles } from './output-files.ts'

type LayersConfig = Parameters<typeof writeConfig>[0]

/**
 * Writes a model in the form of a folder of models. Both files are complete before either gets its name, the weights first, so a
 * server that watches the folder loads the model once and without an error. The calibration table of a replaced model is removed.
 * Parameters that only training has are left out.
 * @param training how the model was trained, for the metadata of the weights
 * @throws CommandError naming the file that can't be written
 */
export async function saveModel (
  files: OutputFiles, model: LayersConfig, stateDict: StateDict, training: object
): Promise<void> {
  const metadata = { producer: 'nanodet-server', model: files.name, folded: String(stateDict.folded), training: JSON.stringify(training) }
  const parameters = servedParameters(model, stateDict)
  const contents = [[files.weights, writeSafetensors(parameters, metadata)], [files.config, writeConfig(model)]] as const
  try {
    await mkdir(files.folder, { recursive: true })
    for (const [path, content] of contents) await writeFile(hidden(files, path), content, { flush: true })
    await rm(join(files.folder, calibrationOf(files)), { force: true })
    for (const [path] of contents) await rename(hidden(files, path), path)
  } catch (error) {
    for (const [path] of contents) await rm(hidden(files, path), { force: true }).catch(() => {})
    throw fileError(files.folder, error)
  }
}

/** Without those that only training has. @throws NetworkError if one is missing */
function servedParameters ({ kind, config }: LayersConfig, stateDict: StateDict): Map<string, Parameter> {
  const weights = weightsOf(stateDict)
  const { params } = kind === 'detector' ? buildOnImage(config, weights) : buildClassifierOnImage(config, weights)
  return new Map([...params.keys()].map(name => [name, stateDict.parameters.get(name)!]))
}

const hidden = ({ folder, name }: OutputFiles, path: string): string => join(folder, `.${name}${path.slice(path.lastIndexOf('.'))}`)
