import { z } from 'zod'
import { listOf } from '../../models/names.ts'
import { command } from '../command.ts'
import { toBash } from '../completion/bash.ts'
import { toFish } from '../completion/fish.ts'
import { outlineOf, type Outline } from '../completion/outline.ts'
import { toZsh } from '../completion/zsh.ts'
import type { Catalog } from '../program.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const
const EXPECTED = `Expected ${listOf(SHELLS)}`
const SCRIPTS: Record<typeof SHELLS[number], (outline: Outline) => string> = { bash: toBash, zsh: toZsh, fish: toFish }

/** The command that prints completion scripts for a catalog. */
export const completionOf = (catalog: Catalog) => command({
  name: 'completion',
  summary: 'Print a script for shell completion',
  args: { usage: SHELLS.join('|'), schema: z.tuple([z.enum(SHELLS, EXPECTED)], EXPECTED) },
  options: {},
  details: `bash: source <(nanodet completion bash), in ~/.bashrc
zsh: source <(nanodet completion zsh), in ~/.zshrc after compinit
fish: nanodet completion fish > ~/.config/fish/completions/nanodet.fish`,
  async run ({ args: [shell] }, io) {
    io.stdout.write(SCRIPTS[shell](await outlineOf(catalog)))
  }
})
