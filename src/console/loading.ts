import { useEffect, useState } from 'preact/hooks'
import type { Answer, Refusal } from './call.ts'
import { loseSession } from './session.ts'

/** Something that is asked for once, on arrival and whenever somebody wants it again. */
export interface Loaded<T> {
  readonly value: T | null
  readonly refusal: Refusal | null
  readonly reload: () => Promise<void>
}

export function useLoaded<T>(key: string, load: () => Answer<T>): Loaded<T> {
  const [known, setKnown] = useState<{ key: string; value: T | null; refusal: Refusal | null }>({
    key,
    value: null,
    refusal: null,
  })
  const reload = async () => {
    const answer = await load()
    if (answer.ok) return setKnown({ key, value: answer.value, refusal: null })
    setKnown((before) => ({
      key,
      value: before.key === key ? before.value : null,
      refusal: answer.error,
    }))
    if (answer.error.reason === 'signed-out') loseSession()
  }
  useEffect(() => void reload(), [key])
  const { value, refusal } = known.key === key ? known : { value: null, refusal: null }
  return { value, refusal, reload }
}
