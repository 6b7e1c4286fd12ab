/** A file of a model that can't be used. The message is one line that begins with the model's or the file's name. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError'

  constructor (model: string, problem: string, options?: ErrorOptions) {
    super(`${model}: ${problem}`, options)
  }
}
