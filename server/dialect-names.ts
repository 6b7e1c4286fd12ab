/** The protocols of other servers that this one speaks, too; what DIALECTS may name. */
export const DIALECT_NAMES = [
  'deepstack', 'kserve', 'zoneminder', 'doods', 'roboflow', 'huggingface', 'aws', 'label-studio', 'nuclio', 'sagemaker'
] as const

export type DialectName = typeof DIALECT_NAMES[number]
