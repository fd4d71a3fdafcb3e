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
    'Comparison',
    'What a variant would bring beside the one it is compared with, if everybody got it: each visitor ' +
      'counts by the probability that they had of getting it, so it is right whatever a bandit learned. ' +
      'Everybody who was sent a variant counts, whether or not they looked.',
  ],
  [
    'At every look',
    'An interval that holds the truth at all looks together in 95 of 100 experiences, so that it may be ' +
      'watched and acted upon at any time. What is called better is clear of 0 in it, with all ' +
      'comparisons of the report taken together.',
  ],
  [
    '95% interval',
    'Where the true rate plausibly lies, given what was counted so far. It is made for one look, ' +
      'not for watching: while figures still come in, intervals can part and meet again.',
  ],
  [
    'Believed',
    'The rate with what is known of all variants taken in: whoever is in front has been lucky too, so ' +
      'its own rate is too high as a rule.',
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
