import type { Engine } from '../../engine/engine.ts'
import type { Deployment } from '../../engine/models/deployment.ts'

/** The models that find objects, whether they are loaded or not. */
export const detectors = ({ models }: Engine): Deployment[] =>
  models.filter(({ info }) => info?.tasks.includes('detect'))
