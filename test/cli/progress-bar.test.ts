import { PassThrough } from 'node:stream'
import t from 'tap'
import { ProgressBar } from '../../cli/progress-bar.ts'

const ioTo = (isTTY: boolean) => ({ stdout: new PassThrough(), stderr: Object.assign(new PassThrough(), { isTTY }) })

t.test('steps are named and counted', async t => {
  const io = ioTo(true)
  const bar = new ProgressBar(2, io)
  t.equal(await bar.during('first', async () => 7), 7)
  await t.rejects(bar.during('second', async () => { throw new Error('broken') }), { message: 'broken' })
  bar.count('images')
  bar.stop()
  const shown = String(io.stderr.read())
  t.match(shown, '/2')
  t.match(shown, 'images')
})

const SILENT = [['without a terminal', ioTo(false)], ['with --quiet', { ...ioTo(true), quiet: true }]] as const
for (const [when, io] of SILENT) {
  t.test(`nothing is written ${when}`, async t => {
    const bar = new ProgressBar(1, io)
    t.equal(await bar.during('first', async () => 7), 7)
    bar.count('images')
    bar.stop()
    t.equal(io.stderr.read(), null)
  })
}
