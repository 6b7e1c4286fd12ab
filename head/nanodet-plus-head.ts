/**
 * NanoDet-Plus's head: NanoDetHead's towers with 5×5 kernels, one more level, and center priors at the corners of their cells (offset 0).
 * Upstream: nanodet/model/head/nanodet_plus_head.py
 */
import { z } from 'zod'
import type { Head } from '../nn/feature.ts'
import { LIMITS } from '../nn/limits.ts'
import { headSpec } from '../nn/spec.ts'
import { CONV_MODULES, nanoDetHead, readTower, TOWER_OPTIONS, type NanoDetHeadOptions } from './nanodet-head.ts'

const KERNEL = 5

/** Levels → logits `[N, points, numClasses + 4 · (regMax + 1)]`, laid out as NanoDetHead's. */
export const nanoDetPlusHead = (options: Omit<NanoDetHeadOptions, 'kernel' | 'shareClsReg'>): Head =>
  nanoDetHead({ ...options, kernel: KERNEL, shareClsReg: true })

export const nanoDetPlusHeadSpec = headSpec({
  name: 'nanodet-plus-head',
  options: { ...TOWER_OPTIONS, share_cls_reg: z.boolean().refine(Boolean, 'is always true of nanodet-plus-head').default(true) },
  trained: { offset: 0, resizeMode: 'stretch' },
  upstream: {
    name: 'NanoDetPlusHead',
    act: 'LeakyReLU',
    read (keys) {
      keys.only('kernel_size', KERNEL)
      return {
        featChannels: keys.wholeNumber('feat_channels', LIMITS.channels, 96),
        shareClsReg: true,
        regMax: keys.wholeNumber('reg_max', LIMITS.regMax, 7),
        offset: 0,
        ...readTower(keys)
      }
    }
  },
  build: (options, numClasses, act) => nanoDetPlusHead({ ...options, numClasses, act, convModule: CONV_MODULES[options.convModule] })
})
