/** Run only against a Redis server, where .ci/checks/bulk-queue.js tests them; the logic that they use is in files of its own. */
export const NEEDS_REDIS = [
  ...['redis', 'board', 'shard-queue', 'shard-worker', 'plan-run', 'retry-run', 'read-status'].map(name => `bulk/queue/${name}.ts`),
  ...['with-queue', 'run-machine'].map(name => `cli/bulk/${name}.ts`)
]

/** Their first steps are tested without Redis, the others there. */
export const MOSTLY_NEEDS_REDIS = ['plan', 'status', 'retry'].map(name => `cli/commands/bulk-${name}.ts`)
