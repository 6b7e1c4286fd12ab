#!/usr/bin/env node
/** The program `nanodet`. */
import { runProgram } from '../cli/program.ts'
import { VERSION } from '../server/version.ts'
import { CATALOG } from './catalog.ts'

// A reader of the output that has seen enough (`| head`) ends the program quietly.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  process.exit()
})
process.exitCode = await runProgram(CATALOG, VERSION, process.argv.slice(2), process)
