import type { JSX } from 'preact'

/** What the columns and marks mean, and what they do not. */
export function Legend(): JSX.Element {
  return (
    <details class="legend">
      <summary>How to read these figures</summary>
      <dl>
        {TERMS.map(([term, meaning]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

const TERMS = [
  ['Delivered', 'The variant was in a page sent to a person. Bots and prefetches do not count.'],
  ['Survived', 'It was still there after the page’s own scripts had run.'],
  ['Seen', 'At least half of it was in view for one second.'],
  ['Clicked', 'Somebody clicked inside it.'],
  ['Rewarded', 'The goal was reached within the experience’s attribution window.'],
  ['Rate', 'Rewarded out of those on the rung that the experience counts as a trial.'],
  [
    '95% interval',
    'Where the true rate plausibly lies, given what was counted so far. It is made for one look, ' +
      'not for watching: while figures still come in, intervals can part and meet again.',
  ],
  [
    'Best-chance gauge',
    'The probability that this variant has the highest rate. It steers the traffic. It is a ' +
      'gauge and not a verdict: watched long enough, it passes 95% even among equal variants.',
  ],
  [
    'Left alone (holdout)',
    'Visitors who always get the site’s own content, to measure what personalising is worth. ' +
      'Their rate is out of all delivered.',
  ],
] as const
