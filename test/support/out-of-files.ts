/** A program for tests: takes all file descriptors that it may have, starts a child, gives some back, and starts another. */
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ProcessHandle } from '../../engine/processes/process-handle.ts'
import type { TestCalls } from './child-program.ts'

const program = fileURLToPath(new URL('./child-program.js', import.meta.url))
const files: number[] = []
const start = () => new ProcessHandle<TestCalls>({ path: program, niceness: 1 }, reason => console.log(`ended: ${reason}`))
try {
  for (;;) files.push(openSync('/dev/null', 'r'))
} catch {}
const first = start()
await first.ready.catch(error => console.log(`not ready: ${error.code ?? error.message}`))
await first.ended
for (const file of files) closeSync(file)
const second = start()
console.log(await second.call('add', [1, 2]))
await second.close()
