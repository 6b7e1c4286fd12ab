/** The part of a peer that runs in a process: a JSON line once it is ready, then one for each line that it reads. */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Part, Parts, Ready } from './peer.ts'
import type { Setup } from './setup.ts'

/** Each line on stdin is a number of photos: runs the next ones, and prints the mean times per photo. Ends with stdin. */
export async function answerTurns ({ photos }: Setup, ready: Ready, run: (bytes: Uint8Array) => Promise<Parts>): Promise<void> {
  const files = await Promise.all(photos.map(({ path }) => readFile(path)))
  let runs = 0
  print(ready)
  for await (const turn of createInterface({ input: process.stdin })) {
    const results: Parts[] = []
    while (results.length < Number(turn)) results.push(await run(files[runs++ % files.length]!))
    print(meanOf(results))
  }
}

/** Each call returns the milliseconds of CPU time of this process since the previous one. */
export function cpuStopwatch (): () => number {
  let last = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(last)
    last = process.cpuUsage()
    return (user + system) / 1000
  }
}

export function meanOf (results: readonly Parts[]): Parts {
  const parts = Object.keys(results[0]!) as Part[]
  return Object.fromEntries(parts.map(part => [part, results.reduce((sum, result) => sum + result[part]!, 0) / results.length]))
}

const print = (value: Ready | Parts): void => { process.stdout.write(`${JSON.stringify(value)}\n`) }
