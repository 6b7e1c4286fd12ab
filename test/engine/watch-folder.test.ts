import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { watchFolder } from '../../engine/watch-folder.ts'

const INTERVAL = 100

t.test('calls back once when files have changed and stay as they are', async t => {
  const folder = t.testdir({ old: '' })
  const changes: number[] = []
  const stop = watchFolder(folder, async () => { changes.push(performance.now()) }, INTERVAL)
  t.teardown(stop)
  await sleep(3 * INTERVAL)
  t.equal(changes.length, 0, 'nothing has changed')
  const start = performance.now()
  await writeFile(join(folder, 'new'), 'begin')
  for (let i = 0; i < 20; i++) {
    await sleep(INTERVAL / 4)
    await appendFile(join(folder, 'new'), 'more')
  }
  t.equal(changes.length, 0, `a file that grew for ${Math.round(performance.now() - start)} ms is not complete`)
  while (changes.length === 0) await sleep(10)
  await sleep(4 * INTERVAL)
  t.equal(changes.length, 1)
  stop()
  await writeFile(join(folder, 'newer'), '')
  await sleep(4 * INTERVAL)
  t.equal(changes.length, 1, 'it has ended')
})
