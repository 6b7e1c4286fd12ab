import { readFile } from 'node:fs/promises'
import t from 'tap'
import { fileProblem } from '../../models/file-problem.ts'

t.test('a file system\'s errors in words, others as they are', async t => {
  const problem = (path: string): Promise<string> => readFile(path).then(() => '', fileProblem)
  t.equal(await problem('/nowhere/at/all'), 'no such file or directory')
  t.equal(await problem('/'), 'is a directory, not a file')
  t.equal(fileProblem(new Error('it is full')), 'it is full')
})
