/** The compact form of a signed JWT (RFC 7515 §7.1): three base64url parts. */
const COMPACT_JWT = /[\w-]+\.[\w-]+\.[\w-]+/

/** The token in a sign-in link's fragment, `#token=…`; null where there is none. */
export function tokenFromHash(hash: string): string | null {
  return hash.startsWith('#token=') ? decodeURIComponentSafely(hash.slice('#token='.length)) : null
}

/** The token in what somebody pasted: the bare token, or the whole sign-in link; null for neither. */
export function tokenFromPaste(text: string): string | null {
  const trimmed = text.trim()
  const fragment = trimmed.indexOf('#token=')
  const candidate = fragment < 0 ? trimmed : trimmed.slice(fragment + '#token='.length)
  const found = COMPACT_JWT.exec(candidate)
  return found !== null && found[0] === candidate ? candidate : null
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
