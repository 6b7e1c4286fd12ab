/** First line of a Git LFS pointer file. Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const POINTER = Buffer.from('version https://git-lfs.github.com/spec/')

/** What to do about a pointer file, as an error message. */
export const GIT_LFS_PROBLEM = 'this is a Git LFS pointer, not the file itself: run git lfs pull'

/** Whether a file is the small text that Git LFS leaves in place of a large file that has not been downloaded. */
export function isGitLfsPointer (bytes: Uint8Array): boolean {
  return POINTER.equals(bytes.subarray(0, POINTER.length))
}
