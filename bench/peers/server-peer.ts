import { rotated } from '../../cli/compare.ts'
import { CommandError } from '../../cli/errors.ts'
import { measureLevel } from '../../cli/load/level.ts'
import type { Photo } from '../../cli/load/photos.ts'
import type { ServerProcess } from '../../cli/load/server-process.ts'
import type { Peer } from './peer.ts'

/** Photos that clients send to a server at once. */
export interface ServerLoad {
  readonly photos: readonly Photo[]
  readonly clients: number
  /** Requests per turn. */
  readonly turn: number
}

/** Limits a turn by its requests instead. */
const NO_LIMIT = Infinity

/** A server over HTTP: CPU time of all its processes, on Linux. */
export function serverPeer (server: Pick<ServerProcess, 'base' | 'pid'>, { photos, clients, turn }: ServerLoad): Peer {
  const bytes = photos.map(photo => photo.bytes)
  let sent = 0
  return {
    ready: { versions: {} },
    async turn () {
      const extent = { concurrency: clients, seconds: NO_LIMIT, requests: turn }
      const { failed, cpu_ms: all } = await measureLevel(server, { photos: rotated(bytes, sent), ...extent })
      if (failed > 0) throw new CommandError(`the server failed on ${failed} of ${turn} photos`)
      if (all === null) throw new CommandError('CPU times of other processes are measured on Linux only')
      sent += turn
      return { all }
    },
    async close () {}
  }
}
