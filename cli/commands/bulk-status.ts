import { readStatus } from '../../bulk/queue/read-status.ts'
import { QUEUE_OPTION } from '../bulk/options.ts'
import { statusText } from '../bulk/status-text.ts'
import { withQueue } from '../bulk/with-queue.ts'
import { command } from '../command.ts'
import { flag } from '../options.ts'

/** Prints how far a queue is. */
export const bulkStatus = command({
  name: 'bulk status',
  summary: 'Show how far a queue is',
  options: { ...QUEUE_OPTION, json: flag('Print JSON instead of text') },
  details: 'REDIS_URL names the server. Shards that were set apart are listed with the images that were in work when their machines died.',
  examples: ['nanodet bulk status', 'nanodet bulk status --queue archive --json'],
  async run ({ options }, io) {
    const status = await withQueue(options.queue, {}, async ({ queue, board }) => await readStatus(queue, board))
    io.stdout.write(options.json ? `${JSON.stringify(status)}\n` : statusText(status))
  }
})
