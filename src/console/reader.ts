import { chooseLocale, createFormat } from '../reports/format.ts'

/** Formats figures as the reader of this browser expects them. */
export const format = createFormat(chooseLocale(navigator.languages))
