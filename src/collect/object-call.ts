/** An object that has more to do than it can: what was sent should come again later. */
export class Overloaded extends Error {}

/**
 * Calls a Durable Object, and once more where the platform says that this may help: whatever the
 * first call did, the second one's events are known by their ids.
 */
export async function callObject<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (says(error, 'overloaded')) throw new Overloaded(String(error))
    if (!says(error, 'retryable')) throw error
    return call()
  }
}

function says(error: unknown, property: 'overloaded' | 'retryable'): boolean {
  return error instanceof Error && Reflect.get(error, property) === true
}
