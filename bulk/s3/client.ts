/** Connections to S3, and to servers that speak its protocol. */
import type * as Sdk from '@aws-sdk/client-s3'
import { MissingPackageError } from '../errors.ts'

export interface S3Options {
  /** URL of a server other than Amazon's; by default AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL. */
  readonly endpoint?: string | undefined
  /** Whether the bucket is in the path, not in the host's name: by default with other servers than Amazon's. */
  readonly pathStyle?: boolean | undefined
  /** By default AWS_REGION, AWS_DEFAULT_REGION, that of the profile, or us-east-1. */
  readonly region?: string | undefined
  /** How often a request is sent if it fails for reasons that may pass. */
  readonly attempts?: number | undefined
  /** Milliseconds without a byte after which a request has failed. */
  readonly idleTimeout?: number | undefined
}

/** The SDK, and its client. */
export interface S3 {
  readonly sdk: typeof Sdk
  readonly client: Sdk.S3Client
  /** No credentials were found: only public buckets can be read. */
  readonly isAnonymous: boolean
}

const ATTEMPTS = 5
const CONNECT_TIMEOUT = 5_000
const IDLE_TIMEOUT = 30_000
const MAX_SOCKETS = 64

/** @throws MissingPackageError */
export async function openS3 (options: S3Options = {}): Promise<S3> {
  // Programs know which Node.js they run on; the line would be in the middle of the progress
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const sdk = await import('@aws-sdk/client-s3').catch(error => {
    throw new MissingPackageError('@aws-sdk/client-s3', 'Reading and writing s3:// names', { cause: error })
  })
  const settings = toSettings(options)
  const { config } = new sdk.S3Client(settings)
  const region = await config.region().catch(() => process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1')
  const isAnonymous = await config.credentials().then(() => false, () => true)
  const access = isAnonymous ? { signer: UNSIGNED, credentials: NONE } : { credentials: config.credentials }
  return { sdk, client: new sdk.S3Client({ ...settings, ...access, region }), isAnonymous }
}

const NONE = { accessKeyId: '', secretAccessKey: '' }
const UNSIGNED: NonNullable<Sdk.S3ClientConfig['signer']> = { sign: async (request: never) => request }

function toSettings ({ endpoint, pathStyle, region, attempts = ATTEMPTS, idleTimeout = IDLE_TIMEOUT }: S3Options): Sdk.S3ClientConfig {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REQUEST_CHECKSUM_CALCULATION } = process.env
  const isOther = (endpoint ?? AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL) !== undefined
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    // Other servers refuse the checksums that the SDK adds by default
    ...(AWS_REQUEST_CHECKSUM_CALCULATION === undefined && { requestChecksumCalculation: 'WHEN_REQUIRED' }),
    responseChecksumValidation: 'WHEN_REQUIRED',
    forcePathStyle: pathStyle ?? isOther,
    followRegionRedirects: true,
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT,
      socketTimeout: idleTimeout,
      httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS }
    }
  }
}
