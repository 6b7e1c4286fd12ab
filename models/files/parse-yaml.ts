import { isPair, isScalar, LineCounter, parseDocument, visit, type Document, type Pair } from 'yaml'
import { groupBy } from '../../nn/group-by.ts'
import { ModelFileError } from '../errors.ts'

/** What a YAML file holds, and notes about keys that it sets twice. */
export interface ParsedYaml { readonly value: unknown, readonly notes: readonly string[] }

/**
 * Parses YAML as PyYAML does: merge keys count, and of a key that is set twice, the last value counts.
 * @throws ModelFileError if the text is not YAML
 */
export function parseYaml (text: string, model: string): ParsedYaml {
  const lines = new LineCounter()
  const document = parseDocument(text, { merge: true, logLevel: 'error', uniqueKeys: false, lineCounter: lines })
  const fail = (error: Error): never => {
    throw new ModelFileError(model, `the file is not YAML: ${error.message.split('\n')[0]}`)
  }
  if (document.errors[0]) fail(document.errors[0])
  try {
    return { value: document.toJS(), notes: repeatedKeys(document, lines) }
  } catch (error) {
    return fail(error as Error) // too many aliases
  }
}

function repeatedKeys (document: Document, lines: LineCounter): string[] {
  const notes: string[] = []
  visit(document, {
    Map (_, { items }, path) {
      const parents = path.filter(isPair).map(keyOf)
      for (const [key, [, ...more]] of groupBy(items, keyOf)) {
        const last = more.at(-1)
        if (last && key !== MERGE) notes.push(note([...parents, key].join('.'), lineOf(last, lines)))
      }
    }
  })
  return notes
}

const MERGE = '<<'

const note = (path: string, line: number): string => `${path} is set more than once; the last one counts (line ${line})`

/** A merge key is a symbol. */
const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.source ?? key.value : key)

const lineOf = ({ key }: Pair, lines: LineCounter): number => lines.linePos(isScalar(key) ? key.range?.[0] ?? 0 : 0).line
