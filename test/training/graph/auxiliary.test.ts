import t from 'tap'
import { buildOnImage } from '../../../models/network.ts'
import { zeros } from '../../../models/checkpoints/state-dict.ts'
import { buildAuxiliary, parametersInTraining } from '../../../training/graph/auxiliary.ts'
import { configOf } from '../../support/training.ts'

const config = configOf('nanodet-plus-m-320', 64, 64, 3)
const { params } = buildOnImage(config, zeros(false))

t.test('its neck has the network\'s parameters under another name, its head a tower each for classes and boxes', async t => {
  const all = parametersInTraining(config, true)
  const ofNeck = [...params.keys()].filter(name => name.startsWith('fpn.')).map(name => `aux_${name}`)
  const added = [...all.keys()].filter(name => !params.has(name))
  t.same(added.filter(name => name.startsWith('aux_fpn.')), ofNeck)
  const ofHead = added.filter(name => name.startsWith('aux_head.'))
  t.equal(ofHead.length, 2 * 4 * 3 + 2 * 2 + 4)
  t.same(all.get('aux_head.cls_convs.0.conv.weight')!.shape, [192, 192, 3, 3])
  t.same(all.get('aux_head.gfl_reg.weight')!.shape, [32, 192, 3, 3])
  t.same(all.get('aux_head.scales.3.scale')!.shape, [])
})

t.test('without it, the parameters are the network\'s', async t => {
  t.same([...parametersInTraining(config, false).keys()], [...params.keys()])
})

t.test('everything of the network that it reads goes through one door', async t => {
  const network = buildOnImage(config, zeros(false))
  const entered = new Set<unknown>()
  const { predictions } = buildAuxiliary(config, zeros(false), network, x => {
    entered.add(x)
    return x
  })
  t.same(entered, new Set([...network.features, ...network.levels].map(({ tensor }) => tensor)))
  t.same(predictions.shape, [1, 85, 35])
})
