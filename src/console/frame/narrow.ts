import { signal } from '@preact/signals'

const phone = matchMedia('(max-width: 40rem)')

/** Phone width, for what the style sheet alone cannot rearrange; the same bound as there. */
export const narrow = signal(phone.matches)

phone.addEventListener('change', () => {
  narrow.value = phone.matches
})
