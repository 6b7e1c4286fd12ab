/**
 * A number of channels, scaled by a width multiplier, as a multiple of `divisor`: the nearest one, but never less than 90 % of it.
 * The rule comes from MobileNet's code (make_divisible); all its descendants keep it.
 */
export function makeDivisible (channels: number, divisor = 8): number {
  const nearest = Math.max(divisor, Math.floor(channels / divisor + 0.5) * divisor)
  return nearest < 0.9 * channels ? nearest + divisor : nearest
}
