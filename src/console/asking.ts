import { useEffect, useState } from 'preact/hooks'
import type { Answer, Refusal } from './call.ts'
import { loseSession } from './session.ts'

/** What an answer that depends on what is being written stands at. */
export interface Asked<T> {
  readonly value: T | null
  readonly refusal: Refusal | null
  readonly pending: boolean
}

/** Milliseconds of quiet before it is asked again. */
const QUIET = 500

/** Asks whenever `question` changes and then rests; only the newest answer counts. */
export function useAnswer<T>(question: string, ask: () => Answer<T>): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ value: null, refusal: null, pending: true })
  useEffect(() => {
    let latest = true
    setAsked((before) => ({ ...before, pending: true }))
    const timer = setTimeout(async () => {
      const answer = await ask()
      if (!latest) return
      setAsked(
        answer.ok
          ? { value: answer.value, refusal: null, pending: false }
          : { value: null, refusal: answer.error, pending: false },
      )
      if (!answer.ok && answer.error.reason === 'signed-out') loseSession()
    }, QUIET)
    return () => {
      latest = false
      clearTimeout(timer)
    }
  }, [question])
  return asked
}
