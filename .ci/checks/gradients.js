/**
 * Holds the gradients of every published model with respect to every trained parameter, on small images, against differences in float64;
 * of RepVGG also those of its training form, with the norms of its batch. The models of one network at several sizes are checked once.
 */
import t from 'tap'
import { repVgg } from '../../dist/backbone/repvgg.js'
import { REGISTRY } from '../../dist/models/registry.js'
import * as op from '../../dist/nn/ops.js'
import { checkNetwork, trainedDetector, trainedLayer } from '../../dist/test/support/network-gradients.js'

t.setTimeout(600_000)
/** Of the kernels of RepVGG, which has no norms: keeps signals through 22 layers of ReLU as large as they are. */
const GAIN = Math.SQRT2

const network = ({ backbone, neck, head, act }) => JSON.stringify([backbone, neck, head, act])
const models = [...REGISTRY].filter(([, config], i, all) => all.findIndex(([, other]) => network(other) === network(config)) === i)

for (const [name, config] of models) {
  t.test(name, async t => {
    const options = { gain: config.backbone.name === 'repvgg' ? GAIN : 1 }
    console.error(name, await checkNetwork(t, trainedDetector(config, options), options))
  })
}

t.test('RepVGG\'s training form', async t => {
  const options = { batch: 2, size: 64, batchStatistics: true }
  const last = (image, scope) => {
    const [{ tensor }] = repVgg({ variant: 'A0', lastChannels: 64, form: 'train', outStages: [4] })(image, scope)
    return op.globalMean(tensor)
  }
  console.error('repvgg, training form', await checkNetwork(t, trainedLayer(last, options), options))
})
