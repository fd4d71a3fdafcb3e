import { readFileSync } from 'node:fs'

/** The kernel counts processor time for user space in hundredths of a second (USER_HZ). */
const TICK_MS = 10

/**
 * Reads a child process's processor time so far, in ms: what an answer costs however busy the machine
 * is. Nothing where the system has no `/proc`, or no such child.
 */
export function processorTimeOf(command: string): (() => number) | undefined {
  const child = childOf(command)
  return child === undefined ? undefined : () => statOf(child).milliseconds
}

/**
 * Reads how much of a child process is resident in memory, in bytes; nothing where the system has no
 * `/proc`, or no such child.
 */
export function residentMemoryOf(command: string): (() => number) | undefined {
  const child = childOf(command)
  return child === undefined
    ? undefined
    : () => residentIn(readFileSync(`/proc/${child}/status`, 'utf8'))
}

const residentIn = (status: string) => Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024

/** The id of the first child process that runs such a command. */
function childOf(command: string): string | undefined {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim()
    return children.split(' ').find((pid) => statOf(pid).command === command)
  } catch {
    return undefined
  }
}

/** See proc(5): the command stands in parentheses, `utime` and `stime` are fields 14 and 15. */
function statOf(pid: string): { command: string; milliseconds: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const end = stat.lastIndexOf(')')
  const fields = stat.slice(end + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return { command: stat.slice(stat.indexOf('(') + 1, end), milliseconds: ticks * TICK_MS }
}
