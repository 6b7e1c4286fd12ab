/** The supported protocols of other servers: possible values of DIALECTS. */
export const DIALECT_NAMES = [
  'deepstack', 'kserve', 'zoneminder', 'doods', 'roboflow', 'huggingface', 'aws', 'label-studio', 'nuclio', 'sagemaker'
] as const

export type DialectName = typeof DIALECT_NAMES[number]
