import { REGISTRY } from './registry.ts'

/** Endings of file names that don't belong to a model's name, such as those of upstream's releases. */
const ENDING = /[-_. ]?(checkpoint|weights?)$/i

/**
 * The registry's name of a published model, as files are called: `nanodet-plus-m_416_checkpoint`, `nanodet_m_416`,
 * `nanodet-EfficientNet-Lite0_320`. Undefined for other names.
 */
export const registryName = (file: string): string | undefined => {
  const wanted = canonical(file.replace(ENDING, ''))
  return [...REGISTRY.keys()].find(name => canonical(name) === wanted)
}

const canonical = (name: string): string => name.toLowerCase().replaceAll(/[-_ ]/g, '').replace('efficientnetlite', 'efficientlite')
