import t from 'tap'
import type { z } from 'zod'
import {
  anyInputSchema, backboneSchema, classifierBackboneSchema, graphResizeModeSchema, headSchema, inputSchema, labelsSchema, neckSchema,
  normalizationSchema, pointsSchema, resizeModeSchema
} from '../../../models/files/own-schema.ts'
import { COCO_LABELS } from '../../../models/labels.ts'

t.test('parts get the keys and defaults of configs', async t => {
  t.same(backboneSchema.parse({ name: 'shufflenetv1', width: '1.0x', groups: 3 }),
    { name: 'shufflenetv1', width: '1.0x', groups: 3, shuffle: 'after-depthwise', shuffleOrder: 'authors', outStages: [2, 3, 4] })
  t.same(backboneSchema.parse({ name: 'mobilenetv2', width: 0.5, out_stages: [4, 6] }), { name: 'mobilenetv2', width: 0.5, outStages: [4, 6] })
  t.same(backboneSchema.parse({ name: 'custom-csp-net' }), { name: 'custom-csp-net', outStages: [3, 4, 5] })
  t.same(backboneSchema.parse({ name: 'efficientnet-lite', variant: 3 }), { name: 'efficientnet-lite', variant: 3, outStages: [2, 4, 6] })
  t.same(backboneSchema.parse({ name: 'repvgg', variant: 'A0', last_channels: 512 }),
    { name: 'repvgg', variant: 'A0', lastChannels: 512, outStages: [2, 3, 4] })
  t.same(classifierBackboneSchema.parse({ name: 'mobilenetv1' }), { name: 'mobilenetv1', width: 1 })
  t.same(neckSchema.parse({ name: 'fpn', out_channels: 64 }), { name: 'fpn', outChannels: 64 })
  t.same(neckSchema.parse({ name: 'ghost-pan', out_channels: 96 }), { name: 'ghost-pan', outChannels: 96, kernel: 5, extraLevels: 1 })
  t.same(neckSchema.parse({ name: 'tan', out_channels: 128 }), { name: 'tan', outChannels: 128, heads: 8, encoders: 1, mlpRatio: 4 })
  t.same(headSchema.parse({ name: 'gfl-head', norm: 'batch' }), { name: 'gfl-head', stackedConvs: 2, norm: 'batch', regMax: 7 })
  t.same(headSchema.parse({ name: 'nanodet-head' }),
    { name: 'nanodet-head', stackedConvs: 2, convModule: 'depthwise', shareClsReg: true, regMax: 7 })
  t.same(normalizationSchema.parse({ channel_order: 'RGB', mean: [0, 0, 0], std: [255, 255, 255] }),
    { channelOrder: 'RGB', mean: [0, 0, 0], std: [255, 255, 255] })
  t.same(pointsSchema.parse({ reg_max: 0, strides: [8] }), { regMax: 0, strides: [8] })
  t.same(anyInputSchema.parse({ width: 299, height: 1 }), { width: 299, height: 1 })
  t.equal(resizeModeSchema.parse('keep-ratio'), 'keep-ratio')
  t.same(labelsSchema.parse('coco'), COCO_LABELS)
})

t.test('problems are named', async t => {
  const refused = (schema: z.ZodType, value: unknown, message: RegExp) =>
    t.match(schema.safeParse(value), { success: false, error: { issues: [{ message }] } })
  refused(backboneSchema, { name: 'vgg' }, /^possible names: custom-csp-net, efficientnet-lite, repvgg, ghostnet, mobilenetv1, mobilenetv2, mobilenetv2-nanodet, shufflenetv1, shufflenetv2$/)
  refused(backboneSchema, { name: 'repvgg', variant: 'B0' }, /expected one of "A0"\|"A1"\|"A2"/)
  refused(backboneSchema, { name: 'efficientnet-lite', variant: 5 }, /expected one of 0\|1\|2\|3\|4/)
  refused(classifierBackboneSchema, { name: 'repvgg', variant: 'A0' }, /^possible names: ghostnet, mobilenetv1, mobilenetv2, shufflenetv1, shufflenetv2$/)
  refused(backboneSchema, { name: 'ghostnet', depth: 3 }, /Unrecognized key: "depth"/)
  refused(classifierBackboneSchema, { name: 'ghostnet', out_stages: [1] }, /Unrecognized key: "out_stages"/)
  refused(neckSchema, { name: 'bifpn' }, /^possible names: fpn, pan, ghost-pan, tan$/)
  refused(neckSchema, { name: 'ghost-pan', out_channels: 96, kernel: 4 }, /has to be odd/)
  refused(headSchema, { name: 'yolo-head' }, /^possible names: gfl-head, nanodet-head, nanodet-plus-head$/)
  refused(headSchema, { name: 'gfl-head', conv_module: 'dense' }, /Unrecognized key: "conv_module"/)
  refused(headSchema, { name: 'nanodet-plus-head', share_cls_reg: false }, /is always true of nanodet-plus-head/)
  refused(inputSchema, { width: 300, height: 320 }, /multiple of 32/)
  refused(pointsSchema, { reg_max: -1 }, />=0/)
  refused(headSchema, { name: 'nanodet-head', reg_max: 0 }, />=1/)
  refused(anyInputSchema, { width: 299, height: 0 }, />=1/)
  refused(graphResizeModeSchema, 'keep-ratio', /"letterbox"\|"stretch"/)
  refused(labelsSchema, ['a', 'a'], /has a label twice/)
  refused(labelsSchema, 'voc', /expected array/)
})
