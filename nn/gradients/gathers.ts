import { node } from '../node.ts'
import { zerosLike } from './broadcasting.ts'
import { single, type Rules } from './rule.ts'

export const GATHER_RULES: Rules = {
  /** g goes to the places of the entries; an entry that is read twice gets both. */
  GatherElements: single((g, { inputs: [x, indices], attributes: { axis } }) =>
    node('ScatterElements', [zerosLike(x!), indices, g], x!.shape, { axis: axis!, reduction: 'add' }))
}
