/** Patterns under which a path falls, the narrowest first: `/shop/shoes/42` → itself, `/shop/shoes/*`, `/shop/*`, `/*`. */
export function toPagePatterns(path: string): readonly string[] {
  const parts = path
    .replace(/[?#].*$/, '')
    .split('/')
    .filter(Boolean)
  const own = `/${parts.join('/')}`
  const wider = parts.map(
    (_, place) => `/${[...parts.slice(0, parts.length - 1 - place), '*'].join('/')}`,
  )
  return [...new Set([own, ...wider, '/*'])]
}
