import type { GalleryModule } from '../gallery.ts'

export const countdown = {
  id: 'gallery-countdown',
  name: 'Countdown',
  about:
    'What ends soon, and how long it still lasts. Counts where the page loads /_sv/gallery.js.',
  template: `<section class="sv-countdown">
  <h2>{{title}}</h2>
  <p>{{text}}</p>
  <p class="sv-figure"><time datetime="{{until}}" data-sv-until="{{until}}" data-sv-over="{{overText}}">{{untilText}}</time></p>
  <p><a class="sv-button" href="{{link}}">{{linkText}}</a></p>
</section>`,
  fields: {
    title: { kind: 'text', label: 'Headline', max: 80 },
    text: { kind: 'text', label: 'What ends', max: 200 },
    until: { kind: 'text', label: 'When, as 2026-12-24T18:00:00+01:00', max: 40 },
    untilText: { kind: 'text', label: 'When, in words', max: 60 },
    overText: { kind: 'text', label: 'What it says once that is over', max: 60 },
    link: { kind: 'url', label: 'Where the button leads' },
    linkText: { kind: 'text', label: 'Text of the button', max: 40 },
  },
  content: {
    title: 'The jackpot closes soon',
    text: 'Lines for the draw are taken until then.',
    until: '2030-12-24T18:00:00+01:00',
    untilText: 'until Christmas Eve, 18:00',
    overText: 'The draw is closed.',
    link: '/',
    linkText: 'Choose a line',
  },
} satisfies GalleryModule
