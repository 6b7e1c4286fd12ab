/** Google Drive's links and pages. Files of about 100 MB and more come with a page that asks for confirmation: a form with a token. */

const DRIVE_HOSTS = ['drive.google.com', 'docs.google.com']
const GOOGLE = /(^|\.)(google|googleusercontent)\.com$/
// Any server may send these pages: repetitions are bounded, or a page of `<form <form` would take hours.
const FORM = /<form\b[^<>]{0,2000}\bid="download-form"[^<>]{0,2000}>[\s\S]{0,20000}?<\/form>/i
const INPUT = /<input\b[^<>]{0,2000}>/gi
const MESSAGE = /class="uc-error-(?:sub)?caption"[^<>]{0,200}>([\s\S]{0,2000}?)<\/p>/i
const TITLE = /<title[^<>]{0,200}>([\s\S]{0,2000}?)<\/title>/i
const TAG = /<[^<>]{0,2000}>/g
/** Would control the user's terminal. */
const CONTROL = /\p{Cc}+/gu
const QUOTA = /quota|too many users have viewed or downloaded/i
const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>' }
const MAX_MESSAGE = 200

/** The download link of a file's page on Drive; any other URL as it is. */
export function directUrl (url: URL): URL {
  if (!DRIVE_HOSTS.includes(url.hostname)) return url
  const id = /^\/file\/d\/([\w-]+)/.exec(url.pathname)?.[1] ?? url.searchParams.get('id')
  return id === null ? url : new URL(`https://drive.google.com/uc?export=download&id=${id}`)
}

/** The URL that a confirmation page's form leads to; undefined for any other page. @param base the page's URL */
export function confirmationUrl (html: string, base: URL): URL | undefined {
  const form = FORM.exec(html)?.[0]
  const action = attributeOf(form ?? '', 'action')
  if (form === undefined || action === undefined || !URL.canParse(action, base.href)) return undefined
  const url = new URL(action, base)
  if (url.host !== base.host && !(GOOGLE.test(base.hostname) && GOOGLE.test(url.hostname))) return undefined
  for (const [input] of form.matchAll(INPUT)) {
    const name = attributeOf(input, 'name')
    if (name !== undefined) url.searchParams.set(name, attributeOf(input, 'value') ?? '')
  }
  return url
}

/** What a page reports instead of delivering a file: Drive's error message, or else the page's title. */
export function pageProblem (html: string): string {
  if (QUOTA.test(html)) {
    return 'Google Drive refuses it because of too many downloads (quota exceeded); try again tomorrow, ' +
      'or download it in a browser and use --from FILE'
  }
  const text = (MESSAGE.exec(html) ?? TITLE.exec(html))?.[1] ?? ''
  const message = decode(text.replaceAll(TAG, '')).replaceAll(/\s+/g, ' ').replaceAll(CONTROL, '').trim().slice(0, MAX_MESSAGE)
  return `a web page instead of a checkpoint${message === '' ? '' : `: ${message}`}`
}

function attributeOf (tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1]
  return value === undefined ? undefined : decode(value)
}

const decode = (text: string): string => text.replaceAll(/&(amp|quot|#39|lt|gt);/g, entity => ENTITIES[entity]!)
