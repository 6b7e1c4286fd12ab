/** Variables that the system, Node, the allocator and the native libraries read. All others, including keys and passwords, are withheld. */
const PASSED = [
  'PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'TZ', 'LANG', 'XDG_CACHE_HOME', 'NODE_OPTIONS', 'NODE_V8_COVERAGE',
  /^LC_/, /^LD_/, /^DYLD_/, /^MALLOC_/, /^UV_/, /^ORT_/, /^VIPS_/, /^FONTCONFIG_/, /^_TAPJS_/
]
/** Turns off onnxruntime's telemetry. */
const DEFAULTS = { ORT_DISABLE_TELEMETRY: '1' }

/** The environment of child processes. */
export function childEnvironment (env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const isPassed = (name: string): boolean => PASSED.some(known => typeof known === 'string' ? known === name : known.test(name))
  const passed = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && isPassed(entry[0]))
  return { ...DEFAULTS, ...Object.fromEntries(passed) }
}
