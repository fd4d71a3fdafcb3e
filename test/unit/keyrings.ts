import { deriveKeys } from '../../src/keys.ts'
import type { Keys } from '../../src/model/keys.ts'

const SECRETS = {
  old: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
  new: 'IB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE',
  strange: '_____-----_____-----_____-----_____-----__8',
} as const

/** Keys as a deployment with these secrets derives them, newest first. */
export function keysOf(...names: (keyof typeof SECRETS)[]): Promise<Keys> {
  return deriveKeys(names.map((name) => `${name}:${SECRETS[name]}`))
}

/** Keys of another deployment that happens to use the same key id. */
export function strangeKeysNamed(id: string): Promise<Keys> {
  return deriveKeys([`${id}:${SECRETS.strange}`])
}
