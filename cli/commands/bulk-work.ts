import { availableCpus } from '../../engine/cpu-quota.ts'
import { QUEUE_OPTION } from '../bulk/options.ts'
import { runMachine } from '../bulk/run-machine.ts'
import { command } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag, text, wholeNumber } from '../options.ts'
import { MODEL_OPTIONS } from '../target.ts'

/** Takes shards from a queue until it is stopped. */
export const bulkWork = command({
  name: 'bulk work',
  summary: 'Run the images of a queue on this machine',
  options: {
    ...QUEUE_OPTION,
    ...MODEL_OPTIONS,
    workers: wholeNumber(1, 1024, 'Worker processes; by default one for each core').default(availableCpus()),
    drain: flag('End when the queue is empty'),
    lockSeconds: wholeNumber(4, 3600, 'Seconds after which other machines may take the shard of this one, if it no longer says that it lives')
      .default(60),
    port: wholeNumber(0, 65535, 'Serve /metrics, /health/live and /health/ready on this port').optional(),
    host: text('HOST', 'Address for --port; 0.0.0.0 means all').default('127.0.0.1'),
    webhook: text('URL', 'Post the counts of the run here when it is finished, as JSON; by default to WEBHOOK_URL, if it is set').optional()
  },
  details: 'REDIS_URL names the server; while it is away, the machine waits. The model must be the plan\'s, with the same weights. ' +
    'SIGTERM ends the images in work and hands the shard back at once. If the machine dies, another takes its shard over within 1.5 times --lock-seconds.',
  examples: ['nanodet bulk work', 'nanodet bulk work --queue archive --port 9464 --drain'],
  exitCodes: 'Exit code: 0, also on SIGINT and SIGTERM; 1 if this machine can\'t work; 2 if the arguments are wrong.',
  async run ({ options }, io) {
    const { webhook = process.env['WEBHOOK_URL'] } = options
    if (webhook !== undefined) checkWebhook(webhook)
    await runMachine({ ...options, webhook }, io)
  }
})

/** The address is not shown: it may have a key. */
function checkWebhook (address: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError('--webhook: expected a URL that starts with http:// or https://')
  if (url.username + url.password !== '') throw new UsageError('--webhook: expected a URL without user and password; put a key into its path or query')
}
