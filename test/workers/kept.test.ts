import { describe, expect, test } from 'vitest'
import { createKept } from '../../src/site/kept.ts'

/** Something to keep whose loads are settled by hand. */
function shelf(patience = 20, firstPatience = 20) {
  const loads: { known: string | undefined; done: (value: string) => void; fail: () => void }[] = []
  const behind: Promise<unknown>[] = []
  const kept = createKept<string>({
    load: (known) =>
      new Promise((resolve, reject) => {
        loads.push({ known, done: resolve, fail: () => reject(new Error('no load')) })
      }),
    ...{ fresh: 2000, stale: 5000, rest: 1000, patience, firstPatience },
  })
  const background = (work: Promise<unknown>) => void behind.push(work)
  return {
    loads,
    get: (now: number) => kept.get(now, background),
    peek: (now: number) => kept.peek(now, background),
    /** Waits for all work that outlives its request. */
    settle: () => Promise.all(behind),
  }
}

async function filled(patience?: number) {
  const kept = shelf(patience)
  const first = kept.get(0)
  kept.loads[0]?.done('first')
  await first
  return kept
}

describe('what is kept', () => {
  test('is loaded first, and every early caller loads for itself', async () => {
    const kept = shelf()
    expect(kept.peek(0)).toBeUndefined()
    const [one, two] = [kept.get(0), kept.get(1)]
    expect(kept.loads).toHaveLength(2)
    kept.loads[1]?.done('b')
    kept.loads[0]?.done('a')
    expect(await Promise.all([one, two])).toEqual(['a', 'b'])
    expect(await kept.get(1000)).toBe('b')
  })

  test('cannot be had while the first load fails, nor until the source has rested', async () => {
    const kept = shelf()
    const first = kept.get(0)
    kept.loads[0]?.fail()
    await expect(first).rejects.toThrow('no load')
    await expect(kept.get(999)).rejects.toThrow('a moment ago')
    expect(kept.loads).toHaveLength(1)
    const second = kept.get(1000)
    kept.loads[1]?.done('now')
    expect(await second).toBe('now')
  })

  test('is waited for only so long the first time, and there when it comes', async () => {
    const kept = shelf(1, 1)
    await expect(kept.get(0)).rejects.toThrow('within 1 ms')
    kept.loads[0]?.done('late')
    await kept.settle()
    expect(await kept.get(1)).toBe('late')
  })

  test('is used as it is while fresh', async () => {
    const kept = await filled()
    expect([await kept.get(2000), kept.peek(2000), kept.loads.length]).toEqual([
      'first',
      'first',
      1,
    ])
  })

  test('is renewed behind one of the requests that use it, told what is known', async () => {
    const kept = await filled()
    expect([await kept.get(2001), await kept.get(2002), kept.peek(5000)]).toEqual(
      Array(3).fill('first'),
    )
    expect(kept.loads.map(({ known }) => known)).toEqual([undefined, 'first'])
    kept.loads[1]?.done('second')
    await kept.settle()
    expect([await kept.get(2500), kept.loads.length]).toEqual(['second', 2])
    // Fresh from the moment at which its load began.
    expect([kept.peek(4001), kept.loads.length]).toEqual(['second', 2])
    expect([kept.peek(4002), kept.loads.length]).toEqual(['second', 3])
  })

  test('stays when a renewal fails, however old, until the source has rested', async () => {
    const kept = await filled()
    expect(await kept.get(4500)).toBe('first')
    kept.loads[1]?.fail()
    await kept.settle()
    expect([await kept.get(5499), kept.peek(5499), kept.loads.length]).toEqual([
      'first',
      'first',
      2,
    ])
    const later = kept.get(5500)
    kept.loads[2]?.done('second')
    expect(await later).toBe('second')
  })

  test('is waited for when stale, for a moment', async () => {
    const kept = await filled(5000)
    expect(kept.peek(5001)).toBeUndefined()
    const waiting = kept.get(5001)
    kept.loads[1]?.done('second')
    expect(await waiting).toBe('second')
  })

  test('is used stale rather than not at all: after that moment, or when the load fails', async () => {
    const kept = await filled(1)
    expect(await kept.get(100_000)).toBe('first')
    kept.loads[1]?.done('second')
    await kept.settle()
    expect(await kept.get(100_001)).toBe('second')
    const failing = kept.get(900_000)
    kept.loads[2]?.fail()
    expect(await failing).toBe('second')
  })

  test('is never replaced by what was asked for before it', async () => {
    const kept = await filled(1)
    await kept.get(10_000)
    await kept.get(20_000)
    kept.loads[2]?.done('newer')
    await scheduler.wait(1)
    kept.loads[1]?.done('older')
    await kept.settle()
    expect(kept.peek(20_001)).toBe('newer')
  })
})
