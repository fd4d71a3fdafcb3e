import { CATEGORIES, PRODUCTS } from './catalogue.ts'
import { GUIDES } from './guides.ts'
import { basketPage } from './pages/basket.ts'
import { benefitsPage } from './pages/benefits.ts'
import { checkoutPage } from './pages/checkout.ts'
import { guidePage, guidesPage } from './pages/guides.ts'
import { homePage } from './pages/home.ts'
import { informationPages } from './pages/information.ts'
import { categoryPage, listPage } from './pages/list.ts'
import type { Template } from './pages/page.ts'
import { privacyPage } from './pages/privacy.ts'
import { productPage } from './pages/product.ts'
import { signInPage } from './pages/sign-in.ts'
import { thankYouPage } from './pages/thank-you.ts'

/** Every page of the site, by path. */
export const PAGES: ReadonlyMap<string, Template> = new Map<string, Template>([
  ['/', homePage],
  ['/products', listPage],
  ['/benefits', benefitsPage],
  ['/sign-in', signInPage],
  ['/basket', basketPage],
  ['/checkout', checkoutPage],
  ['/thank-you', thankYouPage],
  ['/guides', guidesPage],
  ['/privacy', privacyPage],
  ...CATEGORIES.map((category): [string, Template] => [
    `/categories/${category.id}`,
    () => categoryPage(category),
  ]),
  ...PRODUCTS.map((product): [string, Template] => [
    `/products/${product.slug}`,
    () => productPage(product),
  ]),
  ...GUIDES.map((guide): [string, Template] => [`/guides/${guide.slug}`, () => guidePage(guide)]),
  ...informationPages().map(([path, page]): [string, Template] => [path, () => page]),
])
