import { findProduct, type Product } from './catalogue.ts'

/** One kind of thing in a basket, in one size. */
export interface BasketLine {
  readonly product: Product
  readonly size: string
  readonly quantity: number
}

export type Basket = readonly BasketLine[]

const MOST_LINES = 12
const MOST_OF_ONE = 9

/** Kronor from which delivery to a parcel point is free, and what it costs below. */
export const FREE_DELIVERY_FROM = 800
export const DELIVERY = 49

/** Reads the cookie `slug:size:quantity|…`; whatever is unknown or malformed is left out. */
export function parseBasket(cookie: string | undefined): Basket {
  const lines = (cookie ?? '').split('|').map((text) => {
    const [slug, size, quantity] = text.split(':')
    return toLine(slug, size, Number(quantity))
  })
  return lines.filter((line) => line !== undefined).slice(0, MOST_LINES)
}

export function serialiseBasket(basket: Basket): string {
  return basket
    .map(({ product, size, quantity }) => `${product.slug}:${size}:${quantity}`)
    .join('|')
}

/** One more of a product in a size; unchanged when there is no such product or size. */
export function addToBasket(basket: Basket, slug: string, size: string): Basket {
  const added = toLine(slug, size, 1)
  if (!added) return basket
  const present = basket.find((line) => isSame(line, added))
  if (!present) return [...basket, added].slice(0, MOST_LINES)
  const quantity = Math.min(present.quantity + 1, MOST_OF_ONE)
  return basket.map((line) => (line === present ? { ...line, quantity } : line))
}

export function removeFromBasket(basket: Basket, slug: string, size: string): Basket {
  return basket.filter((line) => line.product.slug !== slug || line.size !== size)
}

export function countItems(basket: Basket): number {
  return basket.reduce((sum, line) => sum + line.quantity, 0)
}

/** Kronor for the goods, without delivery. */
export function sumGoods(basket: Basket): number {
  return basket.reduce((sum, line) => sum + line.quantity * line.product.price, 0)
}

/** Kronor for delivery to a parcel point. */
export function costOfDelivery(basket: Basket): number {
  return sumGoods(basket) >= FREE_DELIVERY_FROM || basket.length === 0 ? 0 : DELIVERY
}

function isSame(a: BasketLine, b: BasketLine): boolean {
  return a.product.slug === b.product.slug && a.size === b.size
}

function toLine(slug = '', size = '', quantity = 0): BasketLine | undefined {
  const product = findProduct(slug)
  const known = product?.sizes.includes(size)
  const countable = Number.isInteger(quantity) && quantity >= 1 && quantity <= MOST_OF_ONE
  return product && known && countable ? { product, size, quantity } : undefined
}
