import { command } from '../command.ts'
import { TRAIN_OPTIONS } from '../train/options.ts'

/** Trains a detector or a classifier on labeled photos. */
export const train = command({
  name: 'train',
  summary: 'Train a model on your photos',
  options: TRAIN_OPTIONS,
  details: 'The first example is all you need: the model starts with trained weights, learns the classes of your annotations, and is validated on a ' +
    'fifth of the photos. 200 photos take a minute or two on two cores, and about 1 GB of memory. Before it starts, the command checks the photos ' +
    'and states the memory it needs.\n\n' +
    'Ctrl-C saves the state: the same command with --resume continues. DIR/NAME can be served, evaluated, quantized and exported like any model.\n\n' +
    'docs/train.md has a worked session.',
  examples: [
    'nanodet train --images photos --annotations instances.json --out models/street',
    'nanodet train --images data/images/train --annotations data.yaml --val-images data/images/val --out models/street',
    'nanodet train --task classify --images photos --out models/kinds'
  ],
  async run ({ options }, io) {
    if (options.task === 'detect') return await (await import('../train/detect.ts')).trainDetector(options, io)
    return await (await import('../train/classify.ts')).trainClassifier(options, io)
  }
})
