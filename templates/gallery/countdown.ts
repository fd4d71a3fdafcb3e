import { remaining } from './remaining.ts'

/** Counts down what `data-sv-until` names, once a second and not faster; without it the words stand. */
function begin(): void {
  const clocks = [...document.querySelectorAll<HTMLElement>('[data-sv-until]')]
  if (clocks.length === 0) return
  const tick = (): void => {
    for (const clock of clocks) show(clock)
  }
  tick()
  setInterval(tick, 1000)
}

function show(clock: HTMLElement): void {
  const until = Date.parse(clock.dataset.svUntil ?? '')
  // A time that cannot be read leaves the words that an editor wrote.
  if (Number.isNaN(until)) return
  const text = remaining(until, Date.now()) ?? clock.dataset.svOver ?? ''
  if (clock.textContent !== text) clock.textContent = text
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin)
else begin()
