/** Names of the peers in reports. */
import { counted } from '../../engine/numbers.ts'
import type { Precision } from '../../models/calibration-table.ts'

export const NAMES = { plain: 'onnxruntime, plain export', openCv: 'OpenCV', ncnn: 'ncnn' } as const

export const bareName = (precision: Precision): string => `bare pipeline, ${precision}`
export const serverName = (precision: Precision, clients: number): string => `server, ${precision}, ${counted(clients, 'client')}`
