import type { Config } from '../config.ts'
import type { Platform } from './check.ts'
import { isPublicHttps } from './public-https.ts'

/** The real rewriter and the deployment's rules, as publish checks ask for them. */
export function platformOf({ privateOrigins }: Config): Platform {
  return {
    isSelector(selector) {
      try {
        new HTMLRewriter().on(selector, {})
        return true
      } catch {
        return false
      }
    },
    isAllowedUrl: (url) => privateOrigins || isPublicHttps(url),
  }
}
