/** One purpose's keys, newest first: the first seals and signs, all of them open and verify. */
export type Keyring = readonly { readonly id: string; readonly key: CryptoKey }[]

/** Keys derived from the deployment's secret, one ring per purpose so that none can stand in for another. */
export interface Keys {
  /** AES-GCM, seals the visitor cookie. */
  readonly cookie: Keyring
  /** HMAC-SHA-256, signs page tokens. */
  readonly token: Keyring
  /** HMAC-SHA-256, signs staff tokens (JWT HS256). */
  readonly staff: Keyring
  /** HMAC-SHA-256, says in receipts of erasures who was erased, to those who know already. */
  readonly erasure: Keyring
  /** HMAC-SHA-256, signs links that let their bearer look at one thing for a while (JWT HS256). */
  readonly link: Keyring
  /** HMAC-SHA-256, makes each site's secret for the webhooks that are sent to it. */
  readonly webhook: Keyring
}
