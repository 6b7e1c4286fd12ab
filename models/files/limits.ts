/** What a file may ask for beside a network's parts (nn/limits.ts): from, to. */
export const LIMITS = {
  classes: [1, 10_000],
  side: [32, 4096]
} as const satisfies Record<string, readonly [min: number, max: number]>
