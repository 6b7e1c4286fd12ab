import { z } from 'zod'
import { PRECISIONS } from '../models/calibration-table.ts'
import { numberParameter } from './schemas.ts'

export const profileParameters = z.strictObject({
  runs: numberParameter(z.number().int().min(1).max(50)).default(20)
    .describe('Maximum number of measured runs; no further run starts after 2 s')
})

const ms = z.number().describe('Median over the runs')

export const profileReply = z.object({
  model: z.string(),
  precision: z.enum(PRECISIONS),
  runs: z.int().describe('Number of measured runs'),
  threads: z.int().describe('Threads that share one run'),
  note: z.string().describe('The conditions of the measurement'),
  total_ms: z.number().describe('Median time of a whole run, including the overhead of the runtime and of measuring'),
  layers: z.array(z.object({
    name: z.string().describe('Path in the checkpoint, as in GET /models/{name}/summary and GET /models/{name}/layers'),
    ms: ms.describe('Includes inner layers')
  })).readonly().describe('A tree, parents first; for graphs of ONNX files a list'),
  other_ms: z.number().describe('Nodes of no layer, such as the conversion of the image. With the outermost layers, it adds up to all nodes'),
  nodes: z.array(z.object({
    name: z.string().describe('Name of the operator in the compiled network, or the runtime\'s own'),
    op: z.string(),
    layer: z.string().optional().describe('The layer that it counts for'),
    ms
  })).readonly().describe('Operators in the order that they run. The runtime fuses some: these count for the layer of the last one')
}).meta({ id: 'Profile', description: 'Measured time of a model\'s layers, in milliseconds' })
