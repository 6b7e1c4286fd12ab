import type { Catalog } from '../cli/program.ts'

/** The commands of `nanodet`, in the order of its help; each is loaded when it is called. */
export const CATALOG: Catalog = {
  detect: { summary: 'Find objects in photos', load: async () => (await import('../cli/commands/detect.ts')).detect },
  'models list': { summary: 'List the models and where their weights are', load: async () => (await import('../cli/commands/models-list.ts')).modelsList },
  'models pull': { summary: 'Download checkpoints that the authors of NanoDet published', load: async () => (await import('../cli/commands/models-pull.ts')).modelsPull },
  'models check': { summary: 'Check that models can be served', load: async () => (await import('../cli/commands/models-check.ts')).modelsCheck }
}
