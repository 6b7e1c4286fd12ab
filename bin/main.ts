import type { Io } from '../cli/io.ts'
import { runProgram } from '../cli/program.ts'
import { VERSION } from '../server/version.ts'
import { CATALOG } from './catalog.ts'

/** Runs nanodet. @param argv without node and the script @returns the exit code */
export const main = (argv: readonly string[], io: Io): Promise<number> => runProgram(CATALOG, VERSION, argv, io)
