const SYSTEM_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EISDIR: 'is a directory, not a file',
  ENOTDIR: 'is a file, not a directory',
  EEXIST: 'is a file, not a directory',
  EACCES: 'permission denied'
}

/** Describes the problem of a file, given the error from reading it. */
export function fileProblem (error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return SYSTEM_PROBLEMS[code ?? ''] ?? message
}
