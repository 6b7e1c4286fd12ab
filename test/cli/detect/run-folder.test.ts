import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { detect as command } from '../../../cli/commands/detect.ts'
import { photo } from '../../support/files.ts'
import { call } from '../../support/io.ts'
import { start } from '../../support/nanodet.ts'
import { ownModels } from '../../support/own-models.ts'

const small = await sharp(photo('sample-me.jpg')).resize(60).jpeg().toBuffer()

/** A folder of photos, one of them in a folder and one broken. */
function photosIn (t: Test, count = 3) {
  const { folder } = ownModels(t)
  rmSync(`${folder}/photos`, { recursive: true })
  mkdirSync(`${folder}/photos/sub`, { recursive: true })
  for (let i = 0; i < count; i++) writeFileSync(`${folder}/photos/${i}.jpg`, Buffer.concat([small, Buffer.from(`${i}`)]))
  writeFileSync(`${folder}/photos/sub/0.jpg`, small)
  writeFileSync(`${folder}/photos/text.jpg`, 'text')
  const argv = [`${folder}/photos`, '--out', `${folder}/found`, '--model', `${folder}/small.yml`, '--score-threshold', '0.01', '--max-detections', '2', '--workers', '1']
  return { folder, argv, lines: () => linesOf(`${folder}/found/results.jsonl`) }
}

const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line))

t.test('a line for each photo, then nothing is left to do, then only what has changed', async t => {
  const { folder, argv, lines } = photosIn(t)
  const first = await call(command, [...argv, '--json', '--draw', '--crop', '--format', 'csv'])
  t.equal(first.exitCode, 3)
  t.match(JSON.parse(first.stdout), { images: 5, failed: 1, by_code: { UNSUPPORTED_IMAGE: 1 }, this_run: { done: 4, failed: 1 }, files: [/results\.jsonl$/, /results\.csv$/] })
  t.same((await readdir(`${folder}/found`)).sort(), ['crops', 'drawings', 'failed.jsonl', 'results.csv', 'results.jsonl', 'run.json'])
  t.same(lines().map(({ file }) => file.slice(folder.length)).sort(), ['/photos/0.jpg', '/photos/1.jpg', '/photos/2.jpg', '/photos/sub/0.jpg', '/photos/text.jpg'])
  t.ok(lines().filter(line => !line.error).every(({ detections }) => detections.length === 2))

  const again = await call(command, [...argv, '--draw', '--crop'])
  t.match(again, { exitCode: 3, stdout: /^0 images in 0 s; 5 were done before\n1 failed: 1 UNSUPPORTED_IMAGE; see .*failed\.jsonl\n/ })
  writeFileSync(`${folder}/photos/text.jpg`, small)
  t.match(await call(command, [...argv, '--draw', '--crop']), { exitCode: 0, stdout: /^1 image in .*; 4 were done before\n/ })
  t.equal(lines().length, 5)
})

t.test('what can\'t be run is one line', async t => {
  const { folder, argv } = photosIn(t)
  mkdirSync(`${folder}/none`)
  const cases: Array<[argv: string[], exitCode: number, message: RegExp]> = [
    [[`${folder}/nothing`, ...argv.slice(1)], 1, /nothing: no such file or directory/],
    [[`${folder}/none`, ...argv.slice(1)], 1, /none: no images/],
    [[argv[0]!, '--out', `${folder}/small.ckpt/found`, ...argv.slice(3)], 1, /small\.ckpt\/found: is a file, not a directory/],
    [[...argv.slice(0, 4), `${folder}/kinds.json`], 2, /kinds does not support detect/]
  ]
  for (const [argv, exitCode, message] of cases) t.match(await call(command, argv), { exitCode, stdout: '', stderr: message })
  writeFileSync(`${folder}/found/.nanodet-detect.held`, JSON.stringify({ pid: process.ppid, host: (await import('node:os')).hostname() }))
  t.match(await call(command, argv), { exitCode: 1, stderr: /held: another nanodet detect is running/ })
})

t.test('a signal ends it after the images in work, and the same command continues', async t => {
  const { argv, lines, folder } = photosIn(t, 500)
  const child = start(t, ['detect', ...argv])
  let said = ''
  child.stderr.on('data', text => { said += text })
  while (!readSafely(`${folder}/found/results.jsonl`).includes('\n')) await new Promise(resolve => setTimeout(resolve, 20))
  child.kill('SIGTERM')
  t.same(await once(child, 'close'), [143, null])
  t.match(said, /Stopping after the images in work; again to stop at once\n.*The same command continues/)
  const done = lines().length
  t.ok(done > 0 && done < 502, `${done}`)
  t.equal(new Set(lines().map(({ file }) => file)).size, done)
})

function readSafely (path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
