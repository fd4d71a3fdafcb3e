/**
 * Makes Observable Plot's output fit the console. Its `<style>` would be refused by
 * `style-src 'self'`, so `style.css` carries those rules; its labels on `<g>` are not allowed there
 * by ARIA, so the whole plot is one labelled image.
 */
export function toSafeSvg(plot: Element, label: string): Element {
  for (const style of plot.querySelectorAll('style')) style.remove()
  for (const group of plot.querySelectorAll('g[aria-label]')) group.removeAttribute('aria-label')
  plot.setAttribute('role', 'img')
  plot.setAttribute('aria-label', label)
  return plot
}
