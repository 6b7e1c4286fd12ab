import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { progressText, RunProgress } from '../../../cli/detect/run-progress.ts'

const ioTo = (isTTY: boolean, quiet = false) => ({ stdout: new PassThrough(), stderr: Object.assign(new PassThrough(), { isTTY }), quiet })
const shown = ({ stderr }: ReturnType<typeof ioTo>): string => String(stderr.read() ?? '')

t.test('how far it is, how fast, what failed, and the time to go', async t => {
  t.equal(progressText({ done: 0, failed: 0, skipped: 0 }, 1), '0 images')
  t.equal(progressText({ done: 90, failed: 0, skipped: 0 }, 10), '90 images, 9.0/s')
  t.equal(progressText({ done: 90, failed: 10, skipped: 900 }, 10, 3000), '1000 of 3000 images, 10.0/s, 10 failed, 900 done before, 3 min 20 s to go')
  t.equal(progressText({ done: 9, failed: 0, skipped: 0 }, 1, 8), '9 of 8 images, 9.0/s, 0 s to go', 'the source grew')
})

t.test('a bar on a terminal, with the total once it is known', async t => {
  const io = ioTo(true)
  const progress = new RunProgress(io)
  progress.update({ done: 1, failed: 0, skipped: 0 })
  progress.setTotal(4)
  progress.update({ done: 2, failed: 0, skipped: 0 })
  progress.note('Stopping')
  progress.update({ done: 3, failed: 0, skipped: 0 })
  progress.stop()
  const text = shown(io)
  t.match(text, /1 images, /)
  t.match(text, /2 of 4 images, /)
  t.match(text, /Stopping\n/)
  t.notOk(progress.isHidden)
})

t.test('a line now and then elsewhere', async t => {
  const io = ioTo(false)
  const progress = new RunProgress(io, 5)
  progress.update({ done: 7, failed: 1, skipped: 0 })
  while (io.stderr.readableLength === 0) await sleep(5)
  progress.stop()
  t.match(shown(io), /^8 images, [\d.]+\/s, 1 failed\n/)
})

t.test('nothing with --quiet', async t => {
  for (const io of [ioTo(true, true), ioTo(false, true)]) {
    const progress = new RunProgress(io, 1)
    progress.setTotal(2)
    progress.update({ done: 1, failed: 0, skipped: 0 })
    progress.note('Stopping')
    await sleep(5)
    progress.stop()
    t.equal(shown(io), '')
    t.ok(progress.isHidden)
  }
})
