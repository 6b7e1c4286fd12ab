import type { Engine } from '../../engine/engine.ts'
import type { Deployment } from '../../engine/models/deployment.ts'

/** All detection models, loaded or not. */
export const detectors = ({ models }: Engine): Deployment[] =>
  models.filter(({ info }) => info?.tasks.includes('detect'))
