import type { Module } from '../../model/module.ts'
import { type Answer, call, sitePath } from '../call.ts'

/** A module that others can begin from, with content that shows it. */
export interface GalleryModule {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly module: Module
  readonly content: Readonly<Record<string, unknown>>
}

/** What a recipe asks before it fills in the rest. */
export interface RecipeChoice {
  readonly name: string
  readonly label: string
  /** `slot` is one of the site’s slots, `text` is written. */
  readonly kind: string
  readonly hint?: string
  readonly default?: string
}

export interface Recipe {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly choices: readonly RecipeChoice[]
}

export interface Gallery {
  readonly modules: readonly GalleryModule[]
  readonly recipes: readonly Recipe[]
}

/** What a recipe has made, as drafts. */
export interface Made {
  readonly things: readonly { readonly kind: string; readonly id: string }[]
}

export function readGallery(): Answer<Gallery> {
  return call('GET', '/gallery')
}

export function fillRecipe(
  site: string,
  recipe: string,
  choices: Readonly<Record<string, string>>,
): Answer<Made> {
  return call('POST', sitePath(site, 'recipes', recipe), choices)
}
