/** The pages of the documentation. */
import { readdirSync } from 'node:fs'
import { rootUrl } from './files.ts'

export const DOCS = readdirSync(new URL('docs', rootUrl)).filter(name => name.endsWith('.md')).map(name => `docs/${name}`)
export const PAGES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'FEATURES.md', 'SECURITY.md', 'CHANGELOG.md', ...DOCS]
