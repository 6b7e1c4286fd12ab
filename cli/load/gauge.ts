/** The value of a metric without labels, in Prometheus' text format; NaN if it is missing. */
export const readGauge = (metrics: string, name: string): number => Number(new RegExp(`^${name} (.+)$`, 'm').exec(metrics)?.[1] ?? NaN)
