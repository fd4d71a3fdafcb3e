import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage } from '../faults/stage.ts'
import { AGENT, CHROMIUM } from './chromium.ts'

let stage: Stage
let browser: Browser
beforeAll(async () => {
  stage = await openStage()
  browser = await chromium.launch(CHROMIUM)
})
afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

/** How the beacon may come: its code in the page, by its address, or not at all. */
type Form = 'inline' | 'external' | 'none'

const NONCE = 'q83vASNFZ4mrze8B'

const POLICIES: readonly (readonly [policy: string, form: Form, place?: 'report' | 'meta'])[] = [
  ['', 'inline'],
  ["script-src 'self'", 'external'],
  ["script-src 'unsafe-inline'", 'inline'],
  [`script-src 'nonce-${NONCE}'`, 'inline'],
  [`script-src 'nonce-${NONCE}' 'strict-dynamic'; object-src 'none'; base-uri 'none'`, 'inline'],
  ["script-src 'strict-dynamic' 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='", 'none'],
  ["script-src 'none'", 'none'],
  ["default-src 'none'; img-src data:", 'none'],
  ["default-src 'self'; img-src data:", 'external'],
  ["default-src 'self' https://cdn.example; script-src-elem 'self'; img-src data:", 'external'],
  ["script-src 'self'; connect-src 'none'", 'none'],
  ["script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'", 'external'],
  ['sandbox', 'none'],
  ['sandbox allow-scripts allow-same-origin', 'inline'],
  ['sandbox allow-scripts', 'none'],
  ["SCRIPT-SRC 'SELF'", 'external'],
  ["script-src 'self', script-src 'unsafe-inline'", 'none'],
  ["script-src 'self'", 'external', 'report'],
  ["script-src 'none'", 'none', 'report'],
  ["script-src 'self'", 'external', 'meta'],
  ["default-src 'none'; img-src data:", 'none', 'meta'],
]

test.each(POLICIES)('%s → %s (%s)', async (policy = '', form, place = 'header') => {
  const path = `/p/csp?${new URLSearchParams({ policy, place })}`
  const { html, complaints } = await look(`http://localhost:${stage.port}${path}`)
  expect(html).toContain('data-sv="who"')
  expect(formIn(html)).toBe(form)
  expect(complaints.filter((text) => !ADVICE.test(text))).toEqual([])
})

/** What Chromium says of a policy by itself, whatever the page does. */
const ADVICE = /can escape its sandboxing/

test('a script that a policy forbids is seen here', async () => {
  const path = `/p/csp?${new URLSearchParams({ policy: "script-src 'none'" })}`
  const { complaints } = await look(`http://localhost:${stage.port}${path}`, '<script>1</script>')
  expect(complaints).toHaveLength(1)
})

interface Look {
  /** What Chromium has to say against the page. */
  readonly complaints: readonly string[]
  readonly html: string
}

/** Ms in which a script that is not waited for would have run. */
const WHILE_MS = 300

/** Opens a page as somebody who allows a profile; waits for its beacon to report, if it has one. */
async function look(url: string, added = ''): Promise<Look> {
  const context = await browser.newContext({ userAgent: AGENT })
  const { hostname } = new URL(url)
  await context.addCookies([{ name: 'consent', value: 'profile', domain: hostname, path: '/' }])
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  let html = ''
  await page.route('**/p/csp?*', async (route) => {
    const response = await route.fetch()
    html = (await response.text()) + added
    await route.fulfill({ response, body: html })
  })
  const reported = page.waitForRequest('**/_sv/v1/batch').catch(() => undefined)
  await page.goto(url)
  if (formIn(html) !== 'none') expect(await reported).toBeDefined()
  await new Promise((resolve) => setTimeout(resolve, WHILE_MS))
  await context.close()
  return { complaints, html }
}

/** How the beacon is in a page. */
function formIn(html: string): Form {
  const [script = ''] = /<script[^>]* data-sv='\{"t"[^>]*>/.exec(html) ?? []
  if (script === '') return 'none'
  return script.includes(' src=') ? 'external' : 'inline'
}
