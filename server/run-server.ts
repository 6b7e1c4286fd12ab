import { configHelp } from './config.ts'
import { serve } from './serve.ts'

/** SageMaker starts a container with this argument, and may set its port. */
const SERVE = 'serve'

/**
 * `node dist/server/main.js [serve] [--help]`: starts the server with the settings of the environment.
 * @param args without Node and the program
 * @param onHandlers called when the server handles signals
 */
export async function runServer (args: readonly string[], onHandlers?: () => void): Promise<void> {
  if (args.includes('--help')) return help()
  const unknown = args.find(arg => arg !== SERVE)
  if (unknown !== undefined) {
    process.stderr.write(`${unknown}: unknown argument; --help lists the environment variables\n`)
    process.exit(1)
  }
  const { SAGEMAKER_BIND_TO_PORT: port } = process.env
  await serve(args.includes(SERVE) && port ? { ...process.env, PORT: port } : process.env, onHandlers)
}

function help (): void {
  const usage = 'Usage: node dist/server/main.js [serve]\n\nServes object detection over HTTP.'
  process.stdout.write(`${usage} Environment variables (default):\n\n${configHelp()}\n`)
}
