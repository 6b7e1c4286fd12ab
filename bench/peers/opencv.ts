import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CommandError } from '../../cli/errors.ts'
import type { Peer } from './peer.ts'
import { ProcessPeer } from './process-peer.ts'

const PROGRAM = fileURLToPath(new URL('../../../bench/peers/opencv.py', import.meta.url)) // not compiled: beside dist/
/** The one of the PATH may be another than that of the system's packages. */
const PYTHONS = ['python3', '/usr/bin/python3']

/**
 * OpenCV's decoding, warp and DNN module through Python.
 * @param folder see `writeSetup`; the plain export's predictions must be in it
 * @param turn photos per turn
 * @param python the program; by default the first python3 that has OpenCV
 * @throws CommandError if there is none, or if OpenCV can't run the network
 */
export async function startOpenCv (folder: string, turn: number, python?: string): Promise<Peer> {
  const candidates = python === undefined ? PYTHONS : [python]
  for (const candidate of candidates) if (await hasOpenCv(candidate)) return await ProcessPeer.start(candidate, [PROGRAM, folder], turn)
  throw new CommandError(`not found: ${candidates.join(' and ')} can't import cv2 and numpy (Debian: python3-opencv)`)
}

const hasOpenCv = (python: string): Promise<boolean> =>
  promisify(execFile)(python, ['-c', 'import cv2, numpy']).then(() => true, () => false)
