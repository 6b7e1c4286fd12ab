import type { ModelConfig } from '../../models/config.ts'

/** Whether targets are assigned by predictions, as NanoDet-Plus does; otherwise by anchors (ATSS). */
export const isAssignedByPredictions = ({ head }: Pick<ModelConfig, 'head'>): boolean => head.name === 'nanodet-plus-head'
