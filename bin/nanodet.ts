#!/usr/bin/env node
/** The program `nanodet`. It imports nothing up front: a signal ends it quietly at any moment. */
import process from 'node:process'

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** A server ends on purpose. Once it handles signals itself, it also answers what it has accepted. */
const endsOnPurpose = process.argv[2] === 'serve'
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  const preloaded = process.listenerCount(signal)
  process.on(signal, () => {
    if (process.listenerCount(signal) === preloaded + 1) process.exit(endsOnPurpose ? 0 : EXIT_CODES[signal])
  })
}

// A reader of the output that has seen enough (`| head`) ends the program quietly.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit()
  process.stderr.write(`Output: ${error.message}\n`)
  process.exit(1)
})
process.stderr.on('error', () => {}) // results still have a reader

const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2), process)
