/** Milliseconds of processor time that work takes: what else the machine does counts little. */
export function cpuTime (work: () => void): number {
  const spent = cpuClock()
  work()
  return spent()
}

/** Starts a clock of this process's processor time. @returns the milliseconds since then */
export function cpuClock (): () => number {
  const start = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1000
  }
}
