import type { Catalog } from '../cli/program.ts'

/** The commands of `nanodet`, in the order of its help; each is loaded when it is called. */
export const CATALOG: Catalog = {
  detect: { summary: 'Find objects in photos', load: async () => (await import('../cli/commands/detect.ts')).detect },
  eval: { summary: 'Measure the accuracy of a model on labeled images', load: async () => (await import('../cli/commands/eval.ts')).evaluate },
  quantize: { summary: 'Make the calibration table of a model for int8', load: async () => (await import('../cli/commands/quantize.ts')).quantize }
}
