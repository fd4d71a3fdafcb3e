import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { ownerToken } from '../../src/cli/api-client.ts'
import { run } from '../../src/cli/worker.ts'
import { type Instance, startInstance } from '../flows/instance.ts'
import { AGENT, CHROMIUM } from './chromium.ts'

/** Makes the pictures of the documentation: the demo shop as several people, and the console. */

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url))

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'

interface Sitting {
  readonly width: number
  readonly height: number
  readonly agent?: string
  /** What the person did before the picture is taken. */
  readonly arrive: (page: Page, demo: Instance) => Promise<unknown>
}

const SITTINGS: readonly Sitting[] = [
  { width: 1080, height: 1000, arrive: (page, { url }) => page.goto(url) },
  {
    width: 1080,
    height: 1000,
    async arrive(page, { url }) {
      await page.goto(`${url}/sign-in`)
      await page.getByRole('button', { name: /gold/i }).first().click()
      await page.goto(url)
    },
  },
  { width: 400, height: 1000, agent: PHONE, arrive: (page, { url }) => page.goto(url) },
]

async function shoot(browser: Browser, demo: Instance, sitting: Sitting): Promise<string> {
  const { width, height, agent = AGENT, arrive } = sitting
  const context = await browser.newContext({ viewport: { width, height }, userAgent: agent })
  await context.addCookies([{ name: 'consent', value: 'profile', url: demo.url }])
  const page = await context.newPage()
  await arrive(page, demo)
  await page.waitForLoadState('load')
  const image = await page.screenshot()
  await context.close()
  return image.toString('base64')
}

/** Several pictures beside each other, on a quiet ground. */
async function join(browser: Browser, images: readonly string[]): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1403, height: 560 } })
  const figures = images.map((image) => `<img src="data:image/png;base64,${image}">`).join('')
  await page.setContent(`<style>
    body { margin: 0; padding: 20px; display: flex; gap: 16px; background: #e9e7e2 }
    img { height: 520px; border-radius: 8px; box-shadow: 0 4px 18px #0003 }
  </style>${figures}`)
  const image = await page.locator('body').screenshot()
  await page.close()
  return image
}

async function shootConsole(browser: Browser, demo: Instance): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, userAgent: AGENT })
  await page.goto(`${demo.url}/_sv/console/#token=${await ownerToken(demo.keys, 'maria')}`)
  await page.getByText('Lavmark').first().click()
  const heading = page.getByRole('heading', { name: /everybody else/i })
  await heading.evaluate((element) => element.scrollIntoView())
  await page.waitForTimeout(1_500)
  return page.screenshot()
}

const [demo, browser] = await Promise.all([startInstance(), chromium.launch(CHROMIUM)])
try {
  const images: string[] = []
  for (const sitting of SITTINGS) images.push(await shoot(browser, demo, sitting))
  writeFileSync(`${DOCS}demo.png`, await join(browser, images))
  console.log('docs/demo.png')
  await run('node', ['src/cli/simulate.ts', '--url', demo.url, '--visitors', '1200'])
  writeFileSync(`${DOCS}console.png`, await shootConsole(browser, demo))
  console.log('docs/console.png')
} finally {
  await browser.close()
  await demo.close()
}
