import { describe, expect, test } from 'vitest'
import { callObject, Overloaded } from '../../../src/collect/object-call.ts'

/** An object that fails so often, in such a way. */
function failing(times: number, how: object) {
  let calls = 0
  return {
    call: async () => {
      calls++
      if (calls <= times) throw Object.assign(new Error('made to fail'), how)
      return 'done'
    },
    calls: () => calls,
  }
}

describe('an object that fails', () => {
  test.each([
    ['in a way that may pass is called once more', 1, { retryable: true }, 'done', 2],
    ['so twice is left alone', 2, { retryable: true }, 'made to fail', 2],
    ['otherwise is not called again', 1, {}, 'made to fail', 1],
    ['because of too much work is not called again', 1, { overloaded: true }, 'made to fail', 1],
  ])('%s', async (_, times, how, outcome, calls) => {
    const object = failing(times, how)
    const result = await callObject(object.call).catch((error: Error) => error.message)
    expect([String(result).replace('Error: ', ''), object.calls()]).toEqual([outcome, calls])
  })

  test('because of too much work says so, whatever else it says', async () => {
    const { call } = failing(1, { overloaded: true, retryable: true })
    await expect(callObject(call)).rejects.toBeInstanceOf(Overloaded)
  })
})
