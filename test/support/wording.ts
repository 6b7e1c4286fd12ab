/** Phrases that a native engineer would not write in documentation, messages or help. */
import ts from 'typescript'

const FOREIGN = [/\bof one's own\b/i, /\bat the most\b/i, /\bis no (?!longer)/i, /\btold\b/i, /\bfigures\b/i, / behind (?!(an?|the) (reverse )?(load balancer|proxy))/i, /\bshall\b/i, /\breckon/i, /\bserves on\b/i]
const CODE = /^```[^]*?^```$|`[^`\n]*`|<!--[^]*?-->/gm

/** The foreign phrases in a text. */
export const foreignIn = (text: string): string[] => FOREIGN.flatMap(pattern => pattern.exec(text)?.[0] ?? [])

/** The foreign phrases in the prose of a Markdown page, each with its line. */
export const foreignInPage = (page: string): string[] => page.replace(CODE, code => code.replace(/[^\n]/g, ' '))
  .split('\n').flatMap((line, i) => foreignIn(line).map(phrase => `${i + 1}: ${phrase.trim()}`))

/** The foreign phrases in the texts of a program: its string literals and templates. */
export function foreignInCode (code: string): string[] {
  const file = ts.createSourceFile('', code, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      found.push(...foreignIn(node.text).map(phrase => `${file.getLineAndCharacterOfPosition(node.pos).line + 1}: ${phrase.trim()}`))
    }
    node.forEachChild(visit)
  }
  visit(file)
  return found
}
