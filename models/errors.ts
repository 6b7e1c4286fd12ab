/** A config or checkpoint that can't be used. The message begins with the model's or the file's name. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError'

  constructor (model: string, problem: string, options?: ErrorOptions) {
    super(`${model}: ${problem}`, options)
  }
}
