import type { Catalog } from '../cli/program.ts'

/** The commands of `nanodet`, in the order of its help; each is loaded when it is called. */
export const CATALOG: Catalog = {
  serve: {
    summary: 'Start the HTTP server',
    load: async () => (await import('./serve.ts')).serve
  },
  detect: {
    summary: 'Find objects in photos',
    load: async () => (await import('../cli/commands/detect.ts')).detect
  },
  classify: {
    summary: 'Classify photos with your classifier',
    load: async () => (await import('../cli/commands/classify.ts')).classify
  },
  features: {
    summary: 'Write feature maps of photos as arrays or pictures',
    load: async () => (await import('../cli/commands/features.ts')).features
  },
  explain: {
    summary: 'Explain why objects were detected or missed',
    load: async () => (await import('../cli/commands/explain.ts')).explain
  },
  train: {
    summary: 'Train a model on your photos', load: async () => (await import('../cli/commands/train.ts')).train
  },
  eval: {
    summary: 'Measure the accuracy of a model on labeled images', load: async () => (await import('../cli/commands/eval.ts')).evaluate
  },
  quantize: {
    summary: 'Make the calibration table of a model for int8', load: async () => (await import('../cli/commands/quantize.ts')).quantize
  },
  export: {
    summary: 'Write a model as ONNX or safetensors for other programs',
    load: async () => (await import('../cli/commands/export.ts')).exportCommand
  },
  summary: {
    summary: 'Print a network\'s layers and their cost',
    load: async () => (await import('../cli/commands/summary.ts')).summary
  },
  'models list': {
    summary: 'List the models and where their weights are',
    load: async () => (await import('../cli/commands/models-list.ts')).modelsList
  },
  'models pull': {
    summary: "Download the authors' checkpoints of models",
    load: async () => (await import('../cli/commands/models-pull.ts')).modelsPull
  },
  'models check': {
    summary: 'Check that models can be served',
    load: async () => (await import('../cli/commands/models-check.ts')).modelsCheck
  },
  'bulk plan': {
    summary: 'List images and put them into a queue for many machines',
    load: async () => (await import('../cli/commands/bulk-plan.ts')).bulkPlan
  },
  'bulk work': {
    summary: 'Run the images of a queue on this machine',
    load: async () => (await import('../cli/commands/bulk-work.ts')).bulkWork
  },
  'bulk status': {
    summary: 'Show how far a queue is',
    load: async () => (await import('../cli/commands/bulk-status.ts')).bulkStatus
  },
  'bulk retry': {
    summary: 'Put what failed in a finished run into the queue again',
    load: async () => (await import('../cli/commands/bulk-retry.ts')).bulkRetry
  },
  bench: {
    summary: 'Measure speed, or compare the speed of two models or builds',
    load: async () => (await import('../bench/bench.ts')).bench
  },
  'bench passes': {
    summary: 'Measure the gain of each graph pass',
    load: async () => (await import('../bench/passes.ts')).passes
  },
  'bench peers': {
    summary: 'Compare CPU times with onnxruntime, OpenCV and ncnn',
    load: async () => (await import('../bench/peers.ts')).peers
  },
  'bench scale': {
    summary: 'Measure how far the main process scales, with workers that sleep',
    load: async () => (await import('../bench/scale.ts')).scale
  },
  tune: {
    summary: 'Find the WORKERS and THREADS that suit this machine',
    load: async () => (await import('../cli/commands/tune.ts')).tune
  },
  soak: {
    summary: 'Check that the server keeps its limits under load',
    load: async () => (await import('../bench/soak.ts')).soak
  },
  completion: {
    summary: 'Print a script for shell completion',
    load: async () => (await import('../cli/commands/completion.ts')).completionOf(CATALOG)
  }
}
