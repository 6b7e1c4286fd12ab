const SYSTEM_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EISDIR: 'is a directory, not a file',
  ENOTDIR: 'is a file, not a directory',
  EEXIST: 'is a file, not a directory',
  EACCES: 'permission denied'
}

/** What is wrong with a file, by the error that reading it threw. */
export function fileProblem (error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return SYSTEM_PROBLEMS[code ?? ''] ?? message
}
