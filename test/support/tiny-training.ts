/** A detector so small that tests can train it, and drawn pictures to train it on. */
import { join } from 'node:path'
import sharp from 'sharp'
import { random, uniform } from '../../training/random.ts'
import type { TrainingSettings } from '../../training/settings.ts'
import type { DetectionExample, DetectionSpec } from '../../training/spec.ts'
import { UNCHANGED } from './augmentation.ts'
import { SMALL, seededModel } from './model-files.ts'
import type { ModelConfig } from '../../models/config.ts'

/** Few operators, so that it compiles fast. */
const TINY: ModelConfig = {
  ...SMALL,
  name: 'tiny',
  backbone: { name: 'mobilenetv1', width: 0.25, outStages: [2, 3, 4] },
  neck: { name: 'fpn', outChannels: 16 },
  head: { ...SMALL.head as Extract<ModelConfig['head'], { name: 'nanodet-head' }>, featChannels: 16, stackedConvs: 1 }
}
const SIZE = { width: 96, height: 64 }
const COLORS = [[220, 40, 40], [40, 200, 60], [50, 60, 230]] as const

/** Writes pictures with one square each, whose color is its class. */
export async function drawSquares (folder: string, count: number): Promise<DetectionExample[]> {
  return await Promise.all(Array.from({ length: count }, async (_, i) => {
    const next = random('square', i)
    const side = Math.round(uniform(next, 20, 40))
    const [x, y] = [Math.floor(next() * (SIZE.width - side)), Math.floor(next() * (SIZE.height - side))]
    const data = Buffer.alloc(SIZE.width * SIZE.height * 3, 90)
    for (let pixel = 0; pixel < side * side; pixel++) {
      data.set(COLORS[i % 3]!, ((y + Math.floor(pixel / side)) * SIZE.width + x + pixel % side) * 3)
    }
    const path = join(folder, `square-${i}.png`)
    await sharp(data, { raw: { ...SIZE, channels: 3 } }).png().toFile(path)
    return { path, objects: [{ box: [x, y, x + side, y + side], label: i % 3 }] }
  }))
}

/** A spec with some of the pictures to train on, and the others to validate on. */
export function tinySpec (examples: readonly DetectionExample[], training: number): DetectionSpec {
  const { stateDict: initial } = seededModel(TINY)
  return {
    kind: 'detector',
    config: TINY,
    initial,
    trained: [...initial.parameters.keys()].filter(name => !/running_|num_batches/.test(name)),
    batchStatistics: true,
    microBatch: 2,
    augmentation: { ...UNCHANGED, flip: 0.5, brightness: 0.1, translate: 0.1 },
    seed: 1,
    examples: examples.slice(0, training),
    validation: examples.slice(training),
    auxiliary: false
  }
}

export const TINY_SETTINGS: TrainingSettings = {
  epochs: 2,
  batch: 4,
  optimizer: { name: 'adamw', weightDecay: 0.01 },
  learningRate: 1e-3,
  warmupSteps: 2,
  finalRate: 0.05,
  clipNorm: 35,
  averageDecay: 0.99,
  patience: 10,
  workers: 2
}
