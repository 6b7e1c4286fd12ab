/** Variables that the system, Node, the allocator and the native libraries read. All others, including keys and passwords, are withheld. */
const PASSED = [
  'PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'TZ', 'LANG', 'XDG_CACHE_HOME', 'NODE_OPTIONS', 'NODE_V8_COVERAGE',
  /^LC_/, /^LD_/, /^DYLD_/, /^MALLOC_/, /^UV_/, /^ORT_/, /^VIPS_/, /^FONTCONFIG_/, /^CUDA_/, /^NVIDIA_/, /^VK_/
]
/** Turns off onnxruntime's telemetry. */
const DEFAULTS = { ORT_DISABLE_TELEMETRY: '1' }
/**
 * Node options that load other code, read files or open ports. They are meant for the parent's program, and their
 * paths are relative to its first working directory.
 */
const PARENTS_OWN = /^(--import|--require|-r|--loader|--experimental-loader|--env-file(-if-exists)?|--inspect.*|--test.*|--watch.*)$/

/** The environment of child processes. */
export function childEnvironment (env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const isPassed = (name: string): boolean => PASSED.some(known => typeof known === 'string' ? known === name : known.test(name))
  const passed = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && isPassed(entry[0]))
  const { NODE_OPTIONS: options, ...rest } = Object.fromEntries(passed)
  return { ...DEFAULTS, ...rest, ...(options !== undefined && { NODE_OPTIONS: childOptions(options) }) }
}

/** NODE_OPTIONS without what only concerns the parent's program. */
function childOptions (text: string): string {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? []
  const kept: string[] = []
  for (let i = 0; i < words.length; i++) {
    const [name, value] = words[i]!.split('=', 2)
    if (!PARENTS_OWN.test(name!)) kept.push(words[i]!)
    else if (value === undefined && words[i + 1]?.startsWith('-') === false) i++ // its value is the next word
  }
  return kept.join(' ')
}
