import { PassThrough } from 'node:stream'
import t from 'tap'
import { PullProgress } from '../../../cli/pull/progress.ts'

function progressOn ({ isTTY, quiet = false }: { isTTY: boolean, quiet?: boolean }) {
  const stderr = Object.assign(new PassThrough(), { isTTY })
  const progress = new PullProgress({ stdout: new PassThrough(), stderr }, quiet)
  progress.note('a: from here')
  progress.update(0, 3_900_000)
  progress.update(3_900_000, 3_900_000)
  progress.update(1000, undefined)
  progress.stop()
  progress.stop()
  return String(stderr.read() ?? '')
}

t.test('a bar on a terminal', async t => {
  const text = progressOn({ isTTY: true })
  t.match(text, 'a: from here\n')
  t.match(text, '0 bytes of 3.9 MB')
})

t.test('lines elsewhere, nothing if quiet', async t => {
  t.equal(progressOn({ isTTY: false }), 'a: from here\n')
  t.equal(progressOn({ isTTY: true, quiet: true }), '')
})
