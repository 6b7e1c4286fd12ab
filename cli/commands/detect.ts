import { statSync } from 'node:fs'
import { extname } from 'node:path'
import { z } from 'zod'
import { command } from '../command.ts'
import { DETECT_OPTIONS, RUN_OPTIONS, type DetectOptions } from '../detect/options.ts'
import { UsageError } from '../errors.ts'
import { flagOf } from '../schemas.ts'
import { findArtifact } from '../target.ts'

/** Finds objects in photos: prints them, or writes a line for each photo into a folder. */
export const detect = command({
  name: 'detect',
  summary: 'Find objects in photos',
  args: { usage: 'SOURCE...', schema: z.array(z.string()).min(1, 'Expected a photo') },
  options: DETECT_OPTIONS,
  details: 'SOURCE is a photo, a folder, a pattern (\'photos/**/*.jpg\'), a .zip file, @LIST (a text file with one name a line), - (names on standard ' +
    'input), or s3://BUCKET/PREFIX.\n\n' +
    'Without --out DIR, prints a table per photo, or with --json a line per photo in the format of POST /detect. A photo that fails does not stop the ' +
    'others.\n\n' +
    'With --out DIR, writes DIR/results.jsonl, one line per photo, and DIR/failed.jsonl. The same command continues where it was stopped, and skips ' +
    'photos that have not changed. docs/detect.md explains the files.',
  examples: [
    'nanodet detect street.jpg --out boxes.jpg',
    'nanodet detect *.jpg --model my.yml --json',
    'nanodet detect photos --out found --draw --format coco,csv',
    'nanodet detect s3://bucket/2026/ --out found'
  ],
  exitCodes: 'Exit code: 0; 1 if something failed; 2 if the arguments are wrong; 3 if only photos failed, with --out DIR; 130 on SIGINT, 143 on SIGTERM.',
  async run ({ options, args }, io) {
    const isRun = options.out !== undefined && !namesFile(options.out)
    if (!isRun) checkNoRun(options)
    const artifact = await findArtifact(options)
    if (!isRun) return await (await import('../detect/print-photos.ts')).printPhotos(args, options, options.out, artifact, io)
    return await (await import('../detect/run-folder.ts')).runFolder(args, options, options.out!, artifact, io)
  }
})

/** @throws UsageError for options of a run without a folder for it */
function checkNoRun (options: DetectOptions): void {
  const names = Object.keys(RUN_OPTIONS) as Array<keyof typeof RUN_OPTIONS>
  const given = names.find(name => options[name] !== undefined && options[name] !== false)
  if (given !== undefined) throw new UsageError(`--${flagOf(given)}: needs --out DIR, a folder for the results`)
}

/** @throws UsageError for a file that is not a JPEG, and for S3 */
function namesFile (out: string): boolean {
  if (out.startsWith('s3://')) throw new UsageError('--out: expected a folder; nanodet bulk writes to S3')
  if (/\.jpe?g$/i.test(out)) return true
  if (extname(out) === '' || statSync(out, { throwIfNoEntry: false })?.isDirectory()) return false
  throw new UsageError(`--out: expected a .jpg file or a folder, found ${out}`)
}
