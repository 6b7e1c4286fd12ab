/** Peers of nanodet bench for tests. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Outcome } from '../../bench/peers/outcomes.ts'
import { writeSetup } from '../../bench/peers/setup.ts'
import { temporaryFolder } from '../../cli/temporary-folder.ts'
import { photo } from './files.ts'
import { seededModel, SMALL } from './model-files.ts'

export const MODEL = seededModel(SMALL)

/** A photo, and the folder for a small network. */
export async function peersFolder (t: Test) {
  const path = `${t.testdir({ 'a.jpg': photo('sample-me.jpg') })}/a.jpg`
  const photos = [{ path, bytes: photo('sample-me.jpg') }]
  return { photos, folder: await writeSetup(MODEL, ['fp32'], photos) }
}

/** An executable Node program. @returns its path */
export function executable (program: string): string {
  const path = join(temporaryFolder(), 'program')
  writeFileSync(path, `#!${process.execPath}\n${program}`, { mode: 0o755 })
  return path
}

/** Prints a line as benchncnn does, on stderr: its average is 16.5 ms. */
export const BENCHNCNN = `
console.error('loop_count = ' + process.argv[2])
console.error('           nanodet_m  min =   16.10  max =   17.90  avg =   16.50')
`

/** Two turns of a peer that measures these parts. */
export const outcome = (name: string, ...turns: Outcome['turns']): Outcome => ({ name, ready: { versions: {} }, turns })
