/**
 * NanoDet-Plus's head: NanoDetHead's towers with 5×5 kernels, one level more, and centre priors in their cells' corners (offset 0).
 * Upstream: nanodet/model/head/nanodet_plus_head.py
 */
import type { Head } from '../nn/feature.ts'
import { nanoDetHead, type NanoDetHeadOptions } from './nanodet-head.ts'

const KERNEL = 5

/** Levels → logits `[N, points, numClasses + 4 · (regMax + 1)]`, laid out as NanoDetHead's. */
export const nanoDetPlusHead = (options: Omit<NanoDetHeadOptions, 'kernel' | 'shareClsReg'>): Head =>
  nanoDetHead({ ...options, kernel: KERNEL, shareClsReg: true })
