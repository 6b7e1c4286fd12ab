/** A small catalog of commands for tests of shell completion. */
import { z } from 'zod'
import { command, type AnyCommand } from '../../cli/command.ts'
import { choice, flag, number, text } from '../../cli/options.ts'
import type { Catalog } from '../../cli/program.ts'

const run = async (): Promise<void> => {}
const entry = (definition: AnyCommand) => ({ summary: definition.summary, load: async () => definition })

const draw = command({
  name: 'draw',
  summary: 'Draw it\'s boxes',
  args: { usage: 'PHOTO...', schema: z.array(z.string()) },
  options: {
    model: text('MODEL', 'Model').optional(),
    scoreThreshold: number(0, 1, 'Score').default(0.35),
    format: choice(['npz', 'npy'], 'Format').default('npz'),
    json: flag('Print [JSON]: always')
  },
  run
})

const plain = (name: string, summary: string): AnyCommand => command({ name, summary, options: {}, run })

export const CATALOG: Catalog = {
  draw: entry(draw),
  shell: entry(command({ name: 'shell', summary: 'Shells', args: { usage: 'bash|zsh', schema: z.array(z.string()) }, options: {}, run })),
  'models pull': entry(command({ name: 'models pull', summary: 'Pull', options: { quiet: flag('Quiet') }, run })),
  'models list': entry(plain('models list', 'List')),
  bench: entry(plain('bench', 'Measure')),
  'bench passes': entry(plain('bench passes', 'Passes'))
}
