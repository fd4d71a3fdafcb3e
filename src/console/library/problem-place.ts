/** Where in a template to show a mistake: at what its sentence quotes, else at the beginning. */
export function placeOf(
  problem: string,
  template: string,
): { readonly from: number; readonly to: number } {
  const quoted = /“([^”]+)”|(\{\{[^}]+\}\})|(<\/?[a-z][^>]*>)/i.exec(problem)
  const text = quoted?.[1] ?? quoted?.[2] ?? quoted?.[3]?.replace(/>$/, '') ?? ''
  const from = text === '' ? -1 : template.indexOf(text)
  if (from >= 0) return { from, to: from + text.length }
  const line = template.indexOf('\n')
  return { from: 0, to: line < 0 ? template.length : line }
}
