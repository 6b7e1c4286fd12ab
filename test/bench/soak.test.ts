import { readFile } from 'node:fs/promises'
import t from 'tap'
import { soak as command } from '../../bench/soak.ts'
import type { Report } from '../../bench/soak/report.ts'
import { call } from '../support/io.ts'
import { ownModels } from '../support/own-models.ts'

const soak = (...argv: string[]) => call(command, argv)

async function run (folder: string, ...argv: string[]) {
  const { exitCode, stdout, stderr } = await soak(...argv, '--out', folder)
  const report: Report = JSON.parse(await readFile(`${folder}/soak.json`, 'utf8'))
  return { exitCode, stdout, stderr, report }
}

/** What does not depend on how fast the machine is. */
const CERTAIN = [
  '503 without Retry-After', 'accepted requests without an answer', 'answers that do not fit what was sent', 'queue after the load',
  'workers that crashed', 'exit code after SIGTERM'
]

t.test('a short run under load', async t => {
  const { exitCode, stdout, stderr, report } = await run(t.testdir(), '--seconds', '6')
  const { phases, verdicts } = report
  t.equal(stderr, '')
  t.same(phases.map(({ name }) => name), ['capacity', '1×', '2×', '4×', 'leaving', 'SIGTERM'])
  for (const { name, requests, ok, refused, errors, aborted, not_accepted: late, unanswered, rss_mib: rss } of phases) {
    const failed = Object.values(errors).reduce((sum, count) => sum + count, 0)
    t.equal(ok + failed + aborted + late + unanswered, requests, `${name}: every request is accounted for`)
    t.equal(refused, errors['OVERLOADED'] ?? 0, name)
    t.ok(rss.length > 0 && rss.every(mib => mib > 50 && mib < 4000), name)
  }
  t.ok(phases[0]!.ok > 0)
  t.ok(phases.at(-1)!.not_accepted > 0, 'SIGTERM came in the middle')
  for (const name of CERTAIN) t.match(verdicts.find(verdict => verdict.name === name), { pass: true }, name)
  t.equal(exitCode, verdicts.every(({ pass }) => pass) ? 0 : 1)
  t.match(stdout, /│ phase +│ +seconds │ +sent │ +ok │/)
  t.match(stdout, /│ exit code after SIGTERM +│ +0 │ = 0 +│ yes/)
})

t.test('--requests counts requests to a model of the user\'s', async t => {
  const { folder, photos } = ownModels(t)
  const own = ['--model', 'small', '--models-dir', folder, '--images', photos]
  const { stdout } = await soak('--requests', '50', '--seconds', '2', ...own, '--json')
  const report: Report = JSON.parse(stdout)
  t.same(report.phases.map(({ name, requests }) => [name, requests]).slice(0, 2), [['first 5', 5], ['45 more', 45]])
  t.notOk(report.verdicts.some(({ name }) => name.startsWith('goodput')))
  for (const name of CERTAIN) t.match(report.verdicts.find(verdict => verdict.name === name), { pass: true }, name)
})

t.test('wrong arguments are a line on stderr and exit code 2', async t => {
  const wrong: [string[], RegExp][] = [
    [['--seconds', '0'], /^--seconds: expected a whole number from 1 to 3600, found 0/],
    [['--requests', 'many'], /^--requests: .* found many/],
    [['--rate', '5'], /^Unknown option --rate/]
  ]
  for (const [argv, message] of wrong) {
    const { exitCode, stdout, stderr } = await soak(...argv)
    t.strictSame([exitCode, stdout], [2, ''])
    t.match(stderr, message)
  }
})

t.test('missing photos are a line on stderr', async t => {
  const folder = t.testdir({ 'a.txt': '' })
  t.match(await soak('--images', folder), { exitCode: 1, stderr: `${folder}: has no .jpg file\n` })
  t.match(await soak('--images', `${folder}/none`), { exitCode: 1, stderr: `${folder}/none: no such file or directory\n` })
})
