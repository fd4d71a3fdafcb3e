import type { Condition } from '../../src/model/audience.ts'
import type { Field } from '../../src/model/module.ts'
import { banner } from './modules/banner.ts'
import { countdown } from './modules/countdown.ts'
import { faq } from './modules/faq.ts'
import { formHelp } from './modules/form-help.ts'
import { hero } from './modules/hero.ts'
import { notice } from './modules/notice.ts'
import { offerCard } from './modules/offer-card.ts'
import { offerList } from './modules/offer-list.ts'
import { productRow } from './modules/product-row.ts'
import { rating } from './modules/rating.ts'
import { abandonedBasket } from './recipes/abandoned-basket.ts'
import { crossSell } from './recipes/cross-sell.ts'
import { registrationHelp } from './recipes/registration-help.ts'
import { welcomeBack } from './recipes/welcome-back.ts'
import { winBack } from './recipes/win-back.ts'

/** A module to begin from, with content that shows what it is for. */
export interface GalleryModule {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly template: string
  readonly fields: Readonly<Record<string, FieldDraft>>
  readonly content: Readonly<Record<string, unknown>>
}

/** A field as one writes it: what has a default may be left out. */
export type FieldDraft = Pick<Field, 'kind'> & Readonly<Record<string, unknown>>

/** What a recipe asks: one of the site's slots, a text, an address, or a path of the site. */
export interface RecipeChoice {
  readonly name: string
  readonly label: string
  readonly kind: 'slot' | 'text' | 'url' | 'path'
  readonly hint?: string
  readonly default?: string
}

/** What was answered; a choice that was not has its default. */
export type Answers = Readonly<Record<string, string>>

/** A whole experience to begin from: whom, with what, towards what; where is asked. */
export interface Recipe {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly choices: readonly RecipeChoice[]
  /** Of the gallery; its variants fill it. */
  readonly module: string
  readonly audience: { readonly name: string; readonly condition: (answers: Answers) => Condition }
  readonly goal: (answers: Answers) => GoalDraft
  /** Hours after it was shown in which the goal still counts for it. */
  readonly window: number
  /** Two wordings at least, between which the bandit learns. */
  readonly variants: (answers: Answers) => readonly VariantDraft[]
}

/** A goal without its id. */
export type GoalDraft = { readonly name: string } & (
  | { readonly kind: 'page'; readonly pages: readonly string[] }
  | { readonly kind: 'event'; readonly event: string }
)

/** A variant without its id and module. */
export interface VariantDraft {
  readonly name: string
  readonly content: Readonly<Record<string, unknown>>
}

export const GALLERY: readonly GalleryModule[] = [
  ...[hero, banner, notice, offerCard, offerList, countdown, productRow, faq, formHelp, rating],
]

export const RECIPES: readonly Recipe[] = [
  ...[abandonedBasket, welcomeBack, winBack, crossSell, registrationHelp],
]
