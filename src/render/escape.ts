const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
  '=': '&#61;',
}

/** Safe in text and in quoted attribute values alike. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`=]/g, (character) => ENTITIES[character] ?? character)
}

/**
 * Everything beyond ASCII as a numeric reference: an insertion then reads the same in a page of any
 * ASCII-compatible charset, whatever its headers or meta tags claim. Lone surrogates become U+FFFD.
 */
export function toAscii(html: string): string {
  return html.replace(
    /[^\0-\x7f]/gu,
    (character) => `&#${(character.toWellFormed().codePointAt(0) ?? 0xfffd).toString()};`,
  )
}

const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** A link that cannot run script: http(s), mailto, tel, or relative; no control characters. */
export function isSafeUrl(url: string): boolean {
  // Browsers drop tabs and line breaks inside a URL, so `java\nscript:` would be a scheme to them.
  if (/[\0-\x20\x7f\\]/.test(url)) return false
  const scheme = /^([a-z][a-z0-9+.-]*:)/i.exec(url)?.[1]
  if (scheme) return SAFE_SCHEMES.has(scheme.toLowerCase()) && URL.canParse(url)
  return !url.startsWith('//')
}

/** A picture from https or from the site itself. */
export function isSafeImage(url: string): boolean {
  return isSafeUrl(url) && (/^https:/i.test(url) || !/^[a-z][a-z0-9+.-]*:/i.test(url))
}
