import type { ModelConfig } from '../../models/config.ts'

/** A detector's config as a model file of our own (docs/bring-your-own-model.md), to put beside its checkpoint. */
export function ownDescription ({ backbone, neck, head, act, input, resizeMode, normalization, labels }: ModelConfig): string {
  const parts = { backbone: snakeKeys(backbone), neck: snakeKeys(neck), head: snakeKeys(head) }
  const file = { task: 'detect', ...parts, act, input, resize_mode: resizeMode, normalization: snakeKeys(normalization), labels }
  return JSON.stringify(file)
}

const snakeKeys = (part: object): object =>
  Object.fromEntries(Object.entries(part).map(([key, value]) => [toSnake(key), value]))

const toSnake = (key: string): string => key.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
