import type { ClassifierConfig, ConfigOfKind, ModelConfig } from '../config.ts'

/** A config of our layers. */
type LayersConfig = Extract<ConfigOfKind, { readonly kind: 'detector' | 'classifier' }>

/**
 * A config as a JSON description, which `readOwnConfig` reads back. It has everything but the name, which is the file's, and what is
 * published about the model. A key takes a line.
 */
export function writeConfig (model: LayersConfig): string {
  const file = model.kind === 'detector' ? detectorFile(model.config) : classifierFile(model.config)
  const lines = Object.entries(file).filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  return `{\n${lines.join(',\n')}\n}\n`
}

const detectorFile = ({ backbone, neck, head, act, acts, input, resizeMode, normalization, labels }: ModelConfig) => ({
  task: 'detect',
  backbone: snakeKeys(backbone),
  neck: snakeKeys(neck),
  head: snakeKeys(head),
  act,
  acts,
  input,
  resize_mode: resizeMode,
  normalization: snakeKeys(normalization),
  labels
})

const classifierFile = ({ backbone, input, normalization, labels }: ClassifierConfig) =>
  ({ task: 'classify', backbone: snakeKeys(backbone), input, normalization: snakeKeys(normalization), labels })

const snakeKeys = (part: object): object =>
  Object.fromEntries(Object.entries(part).map(([key, value]) => [toSnake(key), value]))

const toSnake = (key: string): string => key.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
