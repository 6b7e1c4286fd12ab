/** Holds what the tests reach of the code, after all of them have run. Raise it where you can; say why where you lower it. */
import { readFileSync } from 'node:fs'
import { rootUrl } from './support/files.ts'

const LEAST = { statements: 99.5, branches: 96.5, functions: 99, lines: 99.5 }

const { total } = JSON.parse(readFileSync(new URL('.tap/report/coverage-summary.json', rootUrl), 'utf8'))
for (const [kind, least] of Object.entries(LEAST)) {
  if (total[kind].pct >= least) continue
  console.error(`${kind}: ${total[kind].pct} % are covered, ${least} % are wanted`)
  process.exitCode = 1
}
