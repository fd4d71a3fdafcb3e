/** Says on stderr what is going on, one line a step, with how long each took. */
export async function step<T>(label: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const terminal = process.stderr.isTTY
  process.stderr.write(terminal ? `… ${label}` : '')
  try {
    const result = await work()
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    process.stderr.write(`${terminal ? '\r' : ''}✓ ${label} (${seconds} s)\n`)
    return result
  } catch (error) {
    process.stderr.write(`${terminal ? '\r' : ''}✗ ${label}\n`)
    throw error
  }
}

const WIDTH = 30

/** A bar on stderr that is drawn again and again on a terminal, and in tenths elsewhere. */
export function createBar(label: string, total: number): (done: number, note?: string) => void {
  let tenth = -1
  return (done, note = '') => {
    const share = total === 0 ? 1 : Math.min(1, done / total)
    const filled = Math.round(share * WIDTH)
    const bar = `${label} [${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}] ${Math.round(share * 100)} % ${note}`
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${bar.padEnd(100).slice(0, 100)}${share === 1 ? '\n' : ''}`)
    } else if (Math.floor(share * 10) > tenth) {
      tenth = Math.floor(share * 10)
      process.stderr.write(`${bar.trimEnd()}\n`)
    }
  }
}
