import type { Parameter, StateDict } from '../models/checkpoints/state-dict.ts'
import { Layout } from './layout.ts'

/** The initial values of all that training changes, in the run's layout. */
export function initialValues (layout: Layout, { parameters }: StateDict): Float32Array {
  const values = new Float32Array(layout.size)
  for (const name of layout.names) layout.view(values, name).set(parameters.get(name)!.data)
  return values
}

/** The parameters of a network whose changed ones are in an array. */
export function stateDictOf (layout: Layout, values: Float32Array, initial: StateDict): StateDict {
  const parameter = (name: string): Parameter => ({ shape: layout.shapeOf(name), data: layout.view(values, name).slice() })
  const changed = layout.names.map(name => [name, parameter(name)] as const)
  return { ...initial, parameters: new Map([...initial.parameters, ...changed]) }
}
