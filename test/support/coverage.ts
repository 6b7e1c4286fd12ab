import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { Report } from 'c8'
import { rootUrl } from './files.ts'
import { MOSTLY_NEEDS_REDIS, NEEDS_REDIS } from './needs-redis.ts'

const DIST = new URL('dist/', rootUrl).href
/** What isn't the project's code, or is a bundle of it. */
const UNCOUNTED = /^start\/|\.test\.js$|^test\/main\.js$/
const UNREACHED = [...NEEDS_REDIS, ...MOSTLY_NEEDS_REDIS].map(path => `${DIST}${path.replace(/\.ts$/, '.js')}`)
const KINDS = ['statements', 'branches', 'functions', 'lines'] as const
type Shares = Record<typeof KINDS[number], number>

/** What processes reach of the code. Node writes a file for each process whose environment has `settings`. */
export class Coverage {
  readonly #folder: URL

  /** @param folder a new one; it is emptied */
  constructor (folder: URL) {
    this.#folder = folder
  }

  async clear (): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
    await mkdir(new URL('counts/', this.#folder), { recursive: true })
  }

  settings (index: number): { NODE_V8_COVERAGE: string } {
    return { NODE_V8_COVERAGE: this.#raw(index).pathname }
  }

  /** Keeps the counts of the project's code: a process has megabytes of them, most of libraries and of source maps. */
  async keep (index: number): Promise<void> {
    const raw = this.#raw(index)
    for (const name of await readdir(raw).catch(() => [])) {
      const { result } = JSON.parse(await readFile(new URL(name, raw), 'utf8')) as { result: Array<{ url: string }> }
      const own = result.filter(({ url }) => url.startsWith(DIST) && !UNCOUNTED.test(url.slice(DIST.length)) && !UNREACHED.includes(url))
      if (own.length > 0) await writeFile(new URL(`counts/${index}-${name}`, this.#folder), JSON.stringify({ result: own }))
    }
    await rm(raw, { recursive: true, force: true })
  }

  /** Prints a summary. @returns percentages of the code that was reached */
  async report (): Promise<Shares> {
    const reports = new URL('report/', this.#folder)
    const options = { reporter: ['text-summary', 'json-summary'], reportsDirectory: reports.pathname, excludeNodeModules: true }
    await new Report({ ...options, tempDirectory: new URL('counts/', this.#folder).pathname }).run()
    const { total } = JSON.parse(await readFile(new URL('coverage-summary.json', reports), 'utf8'))
    return Object.fromEntries(KINDS.map(kind => [kind, total[kind].pct])) as Shares
  }

  #raw (index: number): URL {
    return new URL(`raw/${index}/`, this.#folder)
  }
}
