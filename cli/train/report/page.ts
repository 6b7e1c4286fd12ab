/** A page that opens without a network: everything is in it, and its policy lets it load nothing. */
import { escapeXml } from '../../../engine/xml.ts'

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 1160px; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.2rem }
pre { padding: .7rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8885; border-radius: 4px }
table { border-collapse: collapse } th, td { padding: .2rem .9rem .2rem 0; text-align: left; border-bottom: 1px solid #8883 }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
.row { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start } .row svg { max-width: 100%; height: auto }
figure { margin: 0; overflow-wrap: anywhere } .pairs figure { flex: 1; min-width: 0 } figure img { display: block; max-width: 100% } figcaption { font-size: .85rem; opacity: .8 }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(520px, 100%), 1fr)); gap: 1rem } .pairs .row { flex-wrap: nowrap; gap: .4rem }
`

/** A whole page. @param body HTML */
export const page = (title: string, body: readonly string[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeXml(title)}</h1>
${body.join('\n')}
</body>
</html>
`

/** A heading with what belongs to it. @param body HTML; nothing without any */
export const section = (title: string, body: readonly string[]): string =>
  body.length === 0 ? '' : `<section>\n<h2>${escapeXml(title)}</h2>\n${body.join('\n')}\n</section>`

export const paragraph = (text: string): string => `<p>${escapeXml(text)}</p>`

export const preformatted = (text: string): string => `<pre>${escapeXml(text)}</pre>`

export const list = (items: readonly string[]): string =>
  items.length === 0 ? '' : `<ul>\n${items.map(item => `<li>${escapeXml(item)}</li>`).join('\n')}\n</ul>`

/** A table of texts and numbers. @param columns names; numbers are on the right, with three decimals where a column has fractions */
export function table (columns: readonly string[], rows: ReadonlyArray<ReadonlyArray<string | number>>): string {
  const numbersOf = (column: number): number[] => rows.map(row => row[column]).filter(value => typeof value === 'number')
  const [numeric, fractional] = [
    columns.map((_, column) => numbersOf(column).length > 0),
    columns.map((_, column) => numbersOf(column).some(value => !Number.isInteger(value)))
  ]
  const text = (value: string | number, column: number): string =>
    typeof value === 'number' && fractional[column] ? value.toFixed(3) : String(value)
  const cell = (tag: string, value: string | number, column: number): string =>
    `<${tag}${numeric[column] ? ' class="number"' : ''}>${escapeXml(text(value, column))}</${tag}>`
  const line = (tag: string, values: ReadonlyArray<string | number>): string => `<tr>${values.map((value, i) => cell(tag, value, i)).join('')}</tr>`
  return `<table>\n${[line('th', columns), ...rows.map(row => line('td', row))].join('\n')}\n</table>`
}

/** Things side by side. @param items HTML */
export const row = (items: readonly string[]): string => `<div class="row">\n${items.join('\n')}\n</div>`

/** Pairs of pictures in a grid. @param items HTML */
export const pairs = (items: readonly string[]): string => `<div class="pairs">\n${items.join('\n')}\n</div>`

/** A picture with a line below it. */
export function figure (caption: string, jpeg: Uint8Array): string {
  const source = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`
  return `<figure><img src="${source}" alt="${escapeXml(caption)}"><figcaption>${escapeXml(caption)}</figcaption></figure>`
}
