import { fileURLToPath } from 'node:url'
import type { Photo } from '../../cli/load/photos.ts'
import type { ServerProcess } from '../../cli/load/server-process.ts'
import type { Size } from '../../head/decode/boxes.ts'
import type { Precision } from '../../models/calibration-table.ts'
import { bareName, NAMES, serverName } from './names.ts'
import { ncnnPeer } from './ncnn.ts'
import { startOpenCv } from './opencv.ts'
import type { Candidate } from './peer.ts'
import { ProcessPeer } from './process-peer.ts'
import { serverPeer } from './server-peer.ts'

/** What the peers of a run work on. */
export interface Field {
  /** See `writeSetup`. */
  readonly folder: string
  /** Running servers by the precision of their model. */
  readonly servers: Partial<Record<Precision, Pick<ServerProcess, 'base' | 'pid'>>>
  readonly photos: readonly Photo[]
  /** Of a busy server. */
  readonly clients: number
  /** Photos per turn. */
  readonly turn: number
  readonly input: Size
  readonly python?: string | undefined
  readonly ncnn?: string | undefined
  readonly ncnnParam?: string | undefined
}

/** All peers of a run, in the order of the report. OpenCV follows the plain export, whose predictions it checks its own against. */
export function candidatesFor (field: Field): Candidate[] {
  const { folder, python, ncnn: program, ncnnParam: param, input, turn } = field
  const precisions = Object.keys(field.servers) as Precision[]
  return [
    ...precisions.flatMap(precision => serversFor(field, precision)),
    ...precisions.map(precision => ({ name: bareName(precision), start: () => startOwn('bare', turn, folder, precision) })),
    { name: NAMES.plain, start: () => startOwn('plain-export', turn, folder) },
    { name: NAMES.openCv, start: () => startOpenCv(folder, turn, python) },
    ...(program === undefined || param === undefined
      ? []
      : [{ name: NAMES.ncnn, start: async () => ncnnPeer({ program, param, input, loops: turn }) }])
  ]
}

function serversFor ({ servers, photos, clients, turn }: Field, precision: Precision): Candidate[] {
  return [1, clients].map(clients => ({
    name: serverName(precision, clients),
    start: async () => serverPeer(servers[precision]!, { photos, clients, turn })
  }))
}

const startOwn = (program: string, turn: number, ...args: readonly string[]): Promise<ProcessPeer> =>
  ProcessPeer.start(process.execPath, [fileURLToPath(new URL(`./${program}.js`, import.meta.url)), ...args], turn)
