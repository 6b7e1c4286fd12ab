/** What a file may ask for: from, to. Far beyond every published model, and far from exhausting memory. */
export const LIMITS = {
  channels: [1, 1024],
  stackedConvs: [1, 16],
  regMax: [1, 64],
  kernel: [1, 15],
  extraLevels: [0, 4],
  heads: [1, 64],
  encoders: [1, 16],
  mlpRatio: [1, 16],
  classes: [1, 10_000],
  width: [0.1, 4],
  side: [32, 4096]
} as const satisfies Record<string, readonly [min: number, max: number]>
