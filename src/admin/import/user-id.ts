/** Longest user id, as of events. */
const LONGEST_USER_ID = 256

export function isUserId(given: unknown): given is string {
  if (typeof given !== 'string') return false
  return given.trim() !== '' && given.length <= LONGEST_USER_ID && !/\p{Cc}/u.test(given)
}
