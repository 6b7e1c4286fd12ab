/** Programs that send what the page shows, in three languages. They run as copied, next to the photo. */
import { addressOf, type ShownRequest } from './shown-request.ts'

export interface SnippetRequest extends ShownRequest {
  /** Address of the page. */
  readonly base: string
  /** Name of the photo's file. */
  readonly photo: string
  /** Whether to send a key. The key itself is never in a snippet. */
  readonly hasKey: boolean
}

export const LANGUAGES = ['curl', 'Python', 'JavaScript'] as const
export type Language = typeof LANGUAGES[number]

const AUTHORIZATION = 'Bearer YOUR_KEY'

/** A program of a few lines. JavaScript is a module for Node. */
export function snippetOf (language: Language, request: SnippetRequest): string {
  const url = new URL(addressOf(request), request.base).href
  return { curl, Python: python, JavaScript: javaScript }[language](request, url)
}

function curl ({ photo, file, hasKey }: SnippetRequest, url: string): string {
  return [
    'curl',
    ...hasKey ? [`-H 'authorization: ${AUTHORIZATION}'`] : [],
    `--data-binary ${shellQuoted(`@${plainPath(photo)}`)}`,
    ...file === undefined ? [] : [`-o ${shellQuoted(plainPath(file))}`],
    shellQuoted(url)
  ].join(' ')
}

function python ({ photo, path, file, hasKey }: SnippetRequest, url: string): string {
  const headers = hasKey ? `, headers={'authorization': '${AUTHORIZATION}'}` : ''
  return `${file === undefined ? 'import json, urllib.request' : 'import urllib.request'}

photo = open(${quoted(photo)}, 'rb').read()
request = urllib.request.Request(${quoted(url)}, data=photo${headers})
with urllib.request.urlopen(request) as reply:
${file === undefined ? PYTHON_PRINTS[path] : `    open(${quoted(file)}, 'wb').write(reply.read())`}
`
}

const PYTHON_LIST = `    for found in json.load(reply)['detections']:
        print(found['label'], found['score'], found['box'])`
const PYTHON_PRINTS = {
  detect: PYTHON_LIST,
  features: PYTHON_LIST,
  explain: `    explanation = json.load(reply)
for candidate in explanation['candidates'][:10]:
    print(explanation['labels'][candidate['class_id']], candidate['score'], candidate['state'])
if 'region' in explanation:
    print(explanation['region']['verdict']['sentence'])`
}

function javaScript ({ photo, path, file, hasKey }: SnippetRequest, url: string): string {
  const headers = hasKey ? `, headers: { authorization: '${AUTHORIZATION}' }` : ''
  return `import { ${file === undefined ? 'readFile' : 'readFile, writeFile'} } from 'node:fs/promises'

const reply = await fetch(${quoted(url)}, {
  method: 'POST', body: await readFile(${quoted(photo)})${headers}
})
if (!reply.ok) throw new Error((await reply.json()).message)
${file === undefined ? JAVASCRIPT_PRINTS[path] : `await writeFile(${quoted(file)}, Buffer.from(await reply.arrayBuffer()))`}
`
}

const JAVASCRIPT_LIST = `const { detections } = await reply.json()
for (const { label, score, box } of detections) console.log(label, score, box)`
const JAVASCRIPT_PRINTS = {
  detect: JAVASCRIPT_LIST,
  features: JAVASCRIPT_LIST,
  explain: `const { labels, candidates, region } = await reply.json()
for (const { class_id, score, state } of candidates.slice(0, 10)) console.log(labels[class_id], score, state)
if (region) console.log(region.verdict.sentence)`
}

/** curl reads a file named - from a pipe. */
const plainPath = (name: string): string => name.startsWith('-') ? `./${name}` : name

const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** A literal in single quotes, for Python and JavaScript: they know JSON's escapes. */
const quoted = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
