/** A place in S3: a bucket, and a key or the start of keys. */
export interface S3Name { readonly bucket: string, readonly key: string }

const NAME = /^s3:\/\/([^/]+)(?:\/(.*))?$/is

/** The parts of `s3://bucket/key`; a key is taken as it is, also with `//`. @returns undefined if a text is not such a name */
export function parseS3Name (name: string): S3Name | undefined {
  const [, bucket, key = ''] = NAME.exec(name) ?? []
  return bucket === undefined ? undefined : { bucket, key }
}

export const toS3Name = ({ bucket, key }: S3Name): string => `s3://${bucket}/${key}`
