import { html, type Markup } from '../markup.ts'

const SHAPES = {
  truck:
    'M3 6h11v10H3zM14 9h4l3 4v3h-7zM7.5 18.5a2 2 0 1 1-.1-4 2 2 0 0 1 .1 4zm10 0a2 2 0 1 1-.1-4 2 2 0 0 1 .1 4z',
  needle: 'M20 4 8.5 15.5M20 4c1 1 .6 2.4-.4 3.4L9.5 17.5 5 19l1.5-4.5M4 21c3-3 4 1 7-1s3-3 6-1',
  return: 'M4 9h11a5 5 0 0 1 0 10H9M4 9l4-4M4 9l4 4',
  leaf: 'M5 19C4 10 10 4 20 4c0 10-6 16-14 14M5 20c2-5 5-8 9-10',
  basket: 'M3 9h18l-2 11H5zM8 9l3-6M16 9l-3-6',
  person: 'M12 11.5a4 4 0 1 0-.1-8 4 4 0 0 0 .1 8zM4 21c.5-5 4-7 8-7s7.5 2 8 7',
  pin: 'M12 21c-5-6-7-8.5-7-12a7 7 0 0 1 14 0c0 3.5-2 6-7 12zM12 11.5a2.5 2.5 0 1 0-.1-5 2.5 2.5 0 0 0 .1 5z',
  tick: 'M4 12.5 9.5 18 20 6.5',
} as const

/** A line drawing of 24 × 24 that takes the colour of its text and is silent to screen readers. */
export function icon(name: keyof typeof SHAPES): Markup {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${SHAPES[name]}"/></svg>`
}
