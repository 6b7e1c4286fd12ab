/** Class names of a YOLO data set. */
import { existsSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { namesIn } from '../../models/names.ts'
import { CommandError } from '../errors.ts'
import { readInput } from '../files.ts'

const FILES = ['data.yaml', 'data.yml', 'dataset.yaml', 'classes.txt', 'obj.names']
/** Folders above the labels that are searched. */
const LEVELS = 3

/** More than any data set has: a list is made up to the largest id. */
const MAX_CLASSES = 100_000

const classId = z.coerce.number().int().min(0).max(MAX_CLASSES - 1)
const namesSchema = z.union([z.array(z.coerce.string()), z.record(classId, z.coerce.string())])

/** Names that the user gives: a file, or the names themselves, comma-separated. */
export async function givenNames (value: string): Promise<string[]> {
  return existsSync(value) ? await namesInFile(value) : namesIn(value)
}

/** Names from a file in or above the folder of the labels; undefined if there is none. */
export async function foundNames (labels: string): Promise<{ names: string[], file: string } | undefined> {
  let folder = resolve(labels)
  for (let level = 0; level < LEVELS; level++) {
    const file = FILES.map(name => join(folder, name)).find(existsSync)
    if (file !== undefined) return { names: await namesInFile(file), file }
    folder = dirname(folder)
  }
  return undefined
}

/** Names by class id: `names` in a YAML file, or the lines of a text file. @throws CommandError naming the file */
export async function namesInFile (path: string): Promise<string[]> {
  const text = (await readInput(path)).toString().replace(/^\uFEFF/, '')
  return isYaml(path) ? yamlNames(path, text) : text.split(/\r?\n/).map(line => line.trim()).filter(line => line !== '')
}

/** Whether a file is YAML by its name. */
export const isYaml = (path: string): boolean => /^\.ya?ml$/i.test(extname(path))

/** Files of image paths in exports of CVAT and Darknet. */
const LISTS = ['train.txt', 'valid.txt', 'val.txt', 'test.txt']

/** Whether a name is that of a file about the whole data set, rather than an image's labels. */
export const isNamesFile = (path: string): boolean => [...FILES, ...LISTS].includes(basename(path))

function yamlNames (path: string, text: string): string[] {
  const parsed = z.object({ names: namesSchema }).safeParse(parseYaml(path, text))
  if (!parsed.success) throw new CommandError(`${path}: expected the class names under the key names`)
  const { names } = parsed.data
  if (Array.isArray(names)) return names
  const count = Math.max(-1, ...Object.keys(names).map(Number)) + 1
  return Array.from({ length: count }, (_, id) => names[id] ?? `class_${id}`)
}

function parseYaml (path: string, text: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    throw new CommandError(`${path}: not YAML: ${(cause as Error).message.split('\n')[0]}`, { cause })
  }
}
