import { readFileSync } from 'node:fs'

const root = new URL('../../..', import.meta.url) // the tests run compiled, in dist/test/support

/** A fixture of the repository, parsed. */
export const fixture = (name: string) => JSON.parse(readFileSync(new URL(`test/fixtures/${name}`, root), 'utf8'))

/** A file of the repository as text. */
export const source = (path: string): string => readFileSync(new URL(path, root), 'utf8')

/** A photo that ships with the weights' npm package. */
export const photo = (name: string): Buffer => readFileSync(new URL(`node_modules/nanodet-m-416-tfjs/assets/${name}`, root))

export const rootUrl = root
