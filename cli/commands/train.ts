import { command } from '../command.ts'
import { TRAIN_OPTIONS } from '../train/options.ts'

/** Trains a detector or a classifier on labeled photos. */
export const train = command({
  name: 'train',
  summary: 'Train a model on your photos',
  options: TRAIN_OPTIONS,
  details: 'Detectors learn new classes from the weights of --from, or everything from random weights with --model. The data are checked first. ' +
    'DIR/NAME can be served, evaluated, quantized and exported as any model. Ctrl-C saves the state: --resume continues.\n\n' +
    'docs/train.md has a worked session.',
  examples: [
    'nanodet train --images photos --annotations instances.json --out models/street',
    'nanodet train --images data/images/train --annotations data.yaml --val-images data/images/val --out models/street',
    'nanodet train --task classify --images photos --model my-classifier.json --out models/kinds'
  ],
  async run ({ options }, io) {
    if (options.task === 'detect') return await (await import('../train/detect.ts')).trainDetector(options, io)
    return await (await import('../train/classify.ts')).trainClassifier(options, io)
  }
})
