/** Maximum length of a labeling configuration. */
const MAX_LENGTH = 65536
/** Maximum length of a name or label, which every region repeats. */
const MAX_NAME = 256
/** Maximum number of labels. */
const MAX_LABELS = 1000
/** A value may contain `>` but not `<`, so each tag is read once, even if many are broken. */
const TAGS = /<(\/?)(RectangleLabels|Image|Label)\b((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>/g
const ATTRIBUTES = /\b(name|toName|value|predicted_values)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The part of a labeling configuration about boxes on images. */
export interface LabelConfig {
  /** Name of the RectangleLabels tag, and of its Image tag. */
  readonly fromName: string
  readonly toName: string
  /** The key of the image in a task's data. */
  readonly imageKey: string
  /** The configuration's label for each of ours, in lower case. */
  readonly labels: ReadonlyMap<string, string>
}

interface Tag { readonly isEnd: boolean, readonly name: string, readonly attributes: Readonly<Record<string, string>> }

/**
 * Reads the first RectangleLabels of a labeling configuration (XML). A label matches ours of the same name, ignoring case,
 * and those in its `predicted_values`. https://labelstud.io/tags/rectanglelabels
 * @returns undefined if it has no boxes on images
 */
export function parseLabelConfig (xml: string): LabelConfig | undefined {
  const tags = [...withoutComments(xml.slice(0, MAX_LENGTH)).matchAll(TAGS)].map(toTag)
  const start = tags.findIndex(({ isEnd, name }) => name === 'RectangleLabels' && !isEnd)
  const { name: fromName, toName } = tags[start]?.attributes ?? {}
  const image = tags.find(({ name, attributes }) => name === 'Image' && attributes['name'] === toName)
  const imageKey = /^\$(\w+)$/.exec(image?.attributes['value'] ?? '')?.[1]
  if (!isName(fromName) || !isName(toName) || !isName(imageKey)) return undefined
  const end = tags.findIndex(({ isEnd, name }) => name === 'RectangleLabels' && isEnd)
  return { fromName, toName, imageKey, labels: labelsOf(tags.slice(start, end < 0 ? undefined : end)) }
}

/** An unclosed one hides the rest. */
function withoutComments (xml: string): string {
  const [start = '', ...comments] = xml.split('<!--')
  return [start, ...comments.map(text => text.split('-->').slice(1).join('-->'))].join('')
}

function labelsOf (tags: readonly Tag[]): Map<string, string> {
  const values = tags.filter(({ name }) => name === 'Label').slice(0, MAX_LABELS).flatMap(({ attributes }) => {
    const { value = '', predicted_values: predicted } = attributes
    const label = value.slice(0, MAX_NAME)
    return [value, ...predicted?.split(',') ?? []].map(name => [name.trim().toLowerCase(), label] as const)
  })
  return new Map(values)
}

function toTag ([, slash, name = '', text = '']: RegExpExecArray): Tag {
  const values = [...text.matchAll(ATTRIBUTES)]
    .map(([, key, double, single]) => [key, unescaped(double ?? single ?? '')])
  return { isEnd: slash === '/', name, attributes: Object.fromEntries(values) }
}

const isName = (text: string | undefined): text is string => text !== undefined && text.length <= MAX_NAME

const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]!)
