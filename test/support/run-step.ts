/** Runs the commands of documentation in a folder that looks like the root of a clone. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import { rootUrl } from './files.ts'
import type { Step } from './fences.ts'

const ADDRESS = /localhost:8080/g
/** `npx nanodet` finds the command in package.json, but takes seconds for it. */
const COMMANDS = 'npx () { shift; "$NODE" "$NANODET" "$@"; }\nnode () { "$NODE" "$@"; }\n'
const PROGRAMS: Record<string, (text: string) => [command: string, args: string[]]> = {
  sh: text => ['sh', ['-e', '-c', COMMANDS + text]],
  js: text => [process.execPath, ['--input-type=module', '--eval', text]],
  python: text => ['/usr/bin/python3', ['-c', text]]
}

/** A new folder with links to what a clone has, so that files can be written beside. `remove` deletes it. */
export function cloneFolder (): { path: string, remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'docs-'))
  const root = fileURLToPath(rootUrl)
  for (const name of readdirSync(root).filter(name => name !== '.git' && name !== '.tap')) symlinkSync(join(root, name), join(path, name))
  return { path, remove: () => rmSync(path, { recursive: true }) }
}

/**
 * Runs a block in a folder. `localhost:8080` becomes `address`.
 * @returns the exit code, and what it wrote to stdout and stderr
 */
export async function runStep ({ fence: { language, text: code } }: Step, folder: string, address: string) {
  const [command, args] = PROGRAMS[language]!(code.replaceAll(ADDRESS, address))
  const child = spawn(command, args, { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = new Promise<number | null>(resolve => child.once('close', resolve))
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { exitCode, stdout, stderr }
}

/** What `nanodet COMMAND --help` prints; undefined if the command is unknown. */
export function commandHelp (command: string): string | undefined {
  const env = environment()
  const { status, stdout } = spawnSync(process.execPath, [env['NANODET']!, ...command.split(' '), '--help'], { env, encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

/** The test runner's own hooks slow children down, and variables of the server would configure those that blocks start. */
function environment (): Record<string, string | undefined> {
  const { NODE_OPTIONS, PORT, WORKERS, ...env } = process.env
  const { bin } = JSON.parse(readFileSync(new URL('package.json', rootUrl), 'utf8'))
  return { ...env, NODE: process.execPath, NANODET: fileURLToPath(new URL(bin?.nanodet ?? '', rootUrl)), NO_COLOR: '1' }
}

/** Whether the program is installed. */
export const isInstalled = (program: string): boolean => spawnSync(program, ['--version']).error === undefined
