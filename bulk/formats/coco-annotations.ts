/** Reads the images and categories of COCO's annotations. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { fileProblem } from '../../models/file-problem.ts'
import { SourceError } from '../errors.ts'

const BOM = '\uFEFF'
const id = z.union([z.number(), z.string()])
const fileSchema = z.object({
  images: z.array(z.object({ id, file_name: z.string() })),
  categories: z.array(z.object({ id, name: z.string() }))
})

export type CocoId = z.output<typeof id>
export type CocoAnnotations = z.output<typeof fileSchema>

/** @throws SourceError naming the file and its first fault */
export async function readAnnotations (path: string): Promise<CocoAnnotations> {
  const parsed = fileSchema.safeParse(parsedJson(path, await content(path)))
  if (parsed.success) return parsed.data
  const { path: place, message } = parsed.error.issues[0]!
  throw new SourceError(`${path}: not COCO annotations: ${[...place, message].join(': ')}`)
}

async function content (path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new SourceError(`${path}: ${fileProblem(cause)}`, { cause })
  }
}

function parsedJson (path: string, text: string): unknown {
  try {
    return JSON.parse(text.startsWith(BOM) ? text.slice(1) : text)
  } catch (cause) {
    throw new SourceError(`${path}: not JSON: ${(cause as Error).message.replaceAll(/\s+/g, ' ')}`, { cause })
  }
}
