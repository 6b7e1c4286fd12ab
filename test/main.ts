/** Runs tap on the files it is given, or on all tests. After all of them it holds what they reach of the code. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rootUrl } from './support/files.ts'

/** Raise it where you can; say why where you lower it. */
const LEAST = { statements: 99.5, branches: 96.5, functions: 99, lines: 99.5 }
const TAP = fileURLToPath(new URL('node_modules/tap/dist/esm/run.mjs', rootUrl))

const args = process.argv.slice(2)
const all = args.length === 0
const options = all ? [] : ['--disable-coverage']
// In a new clone tap would run the tests with the plugins that it comes with, and only then build itself with those of package.json.
if (all) spawnSync(process.execPath, [TAP, 'build'], { stdio: 'inherit' })
const { status } = spawnSync(process.execPath, [TAP, ...options, ...args], { stdio: 'inherit' })
process.exitCode = status ?? 1
if (all && status === 0) checkCoverage()

function checkCoverage (): void {
  const { total } = JSON.parse(readFileSync(new URL('.tap/report/coverage-summary.json', rootUrl), 'utf8'))
  for (const [kind, least] of Object.entries(LEAST)) {
    if (total[kind].pct >= least) continue
    console.error(`${kind}: ${total[kind].pct} % are covered, ${least} % are wanted`)
    process.exitCode = 1
  }
}
