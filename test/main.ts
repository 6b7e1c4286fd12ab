/** Runs tap on the files it is given, or all tests. After all of them it holds what they reach of the code. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Coverage } from './support/coverage.ts'
import { rootUrl } from './support/files.ts'
import { runFiles } from './support/run-files.ts'

/** Raise it where you can; say why where you lower it. */
const LEAST = { statements: 99.5, branches: 96.5, functions: 99, lines: 99.5 }
const JOBS = 2
const TAP = fileURLToPath(new URL('node_modules/tap/dist/esm/run.mjs', rootUrl))

const args = process.argv.slice(2)
process.exitCode = args.length > 0 ? tap(['--disable-coverage', ...args]) : await runAll()

function tap (args: string[]): number {
  return spawnSync(process.execPath, [TAP, ...args], { stdio: 'inherit' }).status ?? 1
}

async function runAll (): Promise<number> {
  tap(['build']) // with the plugins of package.json: a new clone has those that tap comes with
  const coverage = new Coverage(new URL('.tap/coverage/', rootUrl))
  await coverage.clear()
  const options = { jobs: JOBS, settings: coverage.settings.bind(coverage), end: coverage.keep.bind(coverage), print: console.log }
  const files = readdirSync(new URL('dist/test/', rootUrl), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.test.js')).sort()
  const failed = await runFiles(files.map(file => `dist/test/${file}`), options)
  console.log(`${files.length - failed.length} test files passed, ${failed.length} failed`, failed)
  return failed.length > 0 ? 1 : await checkCoverage(coverage)
}

async function checkCoverage (coverage: Coverage): Promise<number> {
  const reached = Object.entries(await coverage.report()) as Array<[keyof typeof LEAST, number]>
  const low = reached.filter(([kind, share]) => share < LEAST[kind])
  for (const [kind, share] of low) console.error(`${kind}: ${share} % are covered, ${LEAST[kind]} % are wanted`)
  return low.length === 0 ? 0 : 1
}
