import { fromBase64Url } from './model/base64url.ts'
import type { Keyring, Keys } from './model/keys.ts'

/** 32 bytes are 43 characters, the last of which has two bits to spare. */
export const KEY_PATTERN = /^([a-z0-9]{1,16}):([\w-]{42}[AEIMQUYcgkosw048])$/

/** HKDF-SHA-256 (RFC 5869) of each secret, with the purpose as its context. */
export async function deriveKeys(pairs: readonly string[]): Promise<Keys> {
  const secrets = await Promise.all(
    pairs.map(async (pair) => {
      const [, id = '', text = ''] = KEY_PATTERN.exec(pair) ?? []
      const bytes = fromBase64Url(text)
      return { id, key: await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']) }
    }),
  )
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 }
  const ring = (purpose: string, algorithm: object, usages: KeyUsage[]): Promise<Keyring> =>
    Promise.all(
      secrets.map(async ({ id, key }) => ({
        id,
        key: await crypto.subtle.deriveKey(
          {
            name: 'HKDF',
            hash: 'SHA-256',
            salt: new Uint8Array(),
            info: new TextEncoder().encode(`selvedge ${purpose}`),
          },
          key,
          algorithm as HmacKeyGenParams,
          false,
          usages,
        ),
      })),
    )
  return {
    cookie: await ring('visitor cookie', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']),
    token: await ring('page token', hmac, ['sign', 'verify']),
    staff: await ring('staff token', hmac, ['sign', 'verify']),
    erasure: await ring('erasure receipt', hmac, ['sign']),
    link: await ring('signed link', hmac, ['sign', 'verify']),
    webhook: await ring('webhook', hmac, ['sign']),
  }
}

type KeyUsage = 'encrypt' | 'decrypt' | 'sign' | 'verify'
interface HmacKeyGenParams {
  name: string
  hash: string
  length: number
}
