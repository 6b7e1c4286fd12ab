/** Links, images and anchors of Markdown pages. */

const FENCED = /^```[^]*?^```$/gm
const CODE = /`[^`\n]*`/g
const LINK = /\]\(([^)\s]+)\)/g
const SOURCE = /<(?:img|a)\b[^>]*?\b(?:src|href)="([^"]+)"/g
const ABSOLUTE = /^(?:https?:|mailto:|data:)/
const HEADING = /^#{1,6} +(.*)$/gm

const prose = (page: string): string => page.replace(FENCED, '').replace(CODE, 'code')

/** Relative targets of all links and images of a page, with their anchors. */
export const linksOf = (page: string): string[] =>
  [LINK, SOURCE].flatMap(pattern => [...prose(page).matchAll(pattern)].map(([, target]) => target!))
    .filter(target => !ABSOLUTE.test(target))

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf (page: string): string[] {
  const seen = new Map<string, number>()
  return [...page.replace(FENCED, '').matchAll(HEADING)].map(([, heading]) => {
    const slug = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').trim().replace(/\s/g, '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
}
