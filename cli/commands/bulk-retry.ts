import { openStore } from '../../bulk/outputs/open-store.ts'
import { retryRun } from '../../bulk/queue/retry-run.ts'
import { QUEUE_OPTION } from '../bulk/options.ts'
import { retriedText } from '../bulk/texts.ts'
import { withQueue } from '../bulk/with-queue.ts'
import { command } from '../command.ts'
import { CommandError } from '../errors.ts'
import { flag } from '../options.ts'

/** Puts what failed into the queue again. */
export const bulkRetry = command({
  name: 'bulk retry',
  summary: 'Put what failed in a finished run into the queue again',
  options: {
    ...QUEUE_OPTION,
    skipSuspects: flag('Leave out the images that were in work when machines died: they get the code NOT_PROCESSED'),
    json: flag('Print JSON instead of text')
  },
  details: 'Runs shards without results, and images that failed for a reason that can change: UNREADABLE, INFERENCE_FAILED, NOT_PROCESSED. ' +
    'Other lines stay as they are. The machines merge the results again. REDIS_URL names the server.',
  examples: ['nanodet bulk retry', 'nanodet bulk retry --queue archive --skip-suspects'],
  async run ({ options }, io) {
    const retried = await withQueue(options.queue, {}, async open => {
      const state = await open.board.read()
      if (!state) throw new CommandError(`The queue ${options.queue} has no run`)
      return await retryRun({ ...open, store: await openStore(state.run.out, state.run.s3) }, state, options.skipSuspects)
    })
    io.stdout.write(options.json ? `${JSON.stringify(retried)}\n` : retriedText(retried))
  }
})
