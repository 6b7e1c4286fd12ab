import { command } from '../cli/command.ts'
import { text, wholeNumber, choice } from '../cli/options.ts'
import { PRECISIONS } from '../models/calibration-table.ts'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** Environment variables by option. */
const VARIABLES = {
  host: 'HOST',
  port: 'PORT',
  model: 'DEFAULT_MODEL',
  modelsDir: 'MODELS_DIR',
  precision: 'PRECISION',
  workers: 'WORKERS',
  threads: 'THREADS',
  logLevel: 'LOG_LEVEL'
} as const
const MAX_PROCESSES = 256

/** Starts the HTTP server. */
export const serve = command({
  name: 'serve',
  summary: 'Start the HTTP server',
  options: {
    host: text('ADDRESS', 'Address to listen on, HOST; 0.0.0.0 means all IPv4 addresses').optional(),
    port: wholeNumber(0, 65_535, 'Port to listen on, PORT; 0 picks a free one').optional(),
    model: text('NAME', 'Model of requests that name none, DEFAULT_MODEL').optional(),
    modelsDir: text('DIR', 'Folder with your models, MODELS_DIR').optional(),
    precision: choice(PRECISIONS, 'Precision of the networks, PRECISION').optional(),
    workers: wholeNumber(1, MAX_PROCESSES, 'Number of worker processes, WORKERS').optional(),
    threads: wholeNumber(1, MAX_PROCESSES, 'Number of threads per worker, THREADS').optional(),
    logLevel: choice(LOG_LEVELS, 'Lowest level to log, LOG_LEVEL').optional()
  },
  details: 'Settings are environment variables; each option overrides the variable that it names. docs/configuration.md lists all ' +
    'variables. On SIGTERM and SIGINT, the server answers the requests that it has accepted, then exits.',
  examples: ['nanodet serve --port 9000', 'nanodet serve --models-dir models --model my-model'],
  exitCodes: 'Exit code: 0 after SIGTERM or SIGINT; 1 if the server can\'t start; 2 if the arguments are wrong.',
  async run ({ options }) {
    for (const [name, variable] of Object.entries(VARIABLES)) {
      const value = options[name as keyof typeof VARIABLES]
      if (value !== undefined) process.env[variable] = String(value)
    }
    process.argv.splice(2) // the server's program takes these for its own
    await import('../server/main.ts')
  }
})
