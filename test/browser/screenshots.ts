import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { ownerToken } from '../../src/cli/api-client.ts'
import { run } from '../../src/cli/worker.ts'
import { type Instance, startInstance } from '../flows/instance.ts'
import { AGENT, CHROMIUM } from './chromium.ts'
import { LOOKS, type Look, SCREENS } from './screens.ts'

/**
 * Makes the pictures of the documentation, the demo shop as several people and the console, and one of
 * every screen as everybody sees it, in `dist/screens`.
 */

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url))

const SCREENS_FOLDER = fileURLToPath(new URL('../../dist/screens/', import.meta.url))

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

/** Signed in, with somebody's eyes. */
async function openConsole(browser: Browser, demo: Instance, look: Look): Promise<Page> {
  const { width = 1280, colorScheme = 'light' } = look
  const context = await browser.newContext({
    ...{ viewport: { width, height: 1000 }, userAgent: AGENT, colorScheme },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(`${demo.url}/_sv/console/#token=${await ownerToken(demo.keys, 'maria')}`)
  await page.getByRole('link', { name: 'Lavmark', exact: true }).waitFor()
  return page
}

async function goTo(page: Page, demo: Instance, [path, words]: (typeof SCREENS)[number]) {
  await page.goto(`${demo.url}/_sv/console/#/sites/demo/${path}`)
  await page.getByText(words).first().waitFor()
  // Plots are drawn, and frames loaded, when they come near the screen.
  const bottom = await page.evaluate(() => document.body.scrollHeight)
  for (let y = 0; y < bottom; y += 600) {
    await page.evaluate((top) => scrollTo(0, top), y)
    await page.waitForTimeout(200)
  }
  await page.evaluate(() => scrollTo(0, 0))
  await page.waitForTimeout(800)
}

/** Every screen as everybody sees it, to be looked at. */
async function shootScreens(browser: Browser, demo: Instance): Promise<void> {
  mkdirSync(SCREENS_FOLDER, { recursive: true })
  for (const [name, look] of LOOKS) {
    const page = await openConsole(browser, demo, look)
    for (const screen of SCREENS) {
      await goTo(page, demo, screen)
      const file = `${screen[0] || 'site'} ${name}`.replaceAll(/[^\w]+/g, '-')
      await page.screenshot({ path: `${SCREENS_FOLDER}${file}.png`, fullPage: true })
    }
    await page.context().close()
    console.log(`${SCREENS.length} screens ${name}`)
  }
}

/** What the documentation shows of the console. */
const PICTURES = [
  ['console.png', ['figures/hero-everybody', 'Comparisons'], 1240],
  ['overview.png', ['', 'What to know'], 760],
  ['editor.png', ['variants/hero-mended', 'As it will look'], 900],
  ['preview.png', ['preview', 'Who looks at what'], 1000],
  ['publish.png', ['publish', 'Everything that can be checked is right.'], 760],
] as const

async function shootConsole(browser: Browser, demo: Instance): Promise<void> {
  const page = await openConsole(browser, demo, {})
  for (const [file, screen, height] of PICTURES) {
    await goTo(page, demo, screen)
    await page.setViewportSize({ width: 1280, height })
    await page.waitForTimeout(500)
    await page.screenshot({ path: `${DOCS}${file}` })
    console.log(`docs/${file}`)
  }
  await page.context().close()
}

const [demo, browser] = await Promise.all([startInstance(), chromium.launch(CHROMIUM)])
try {
  const month = ['--days', '30', '--url', demo.url]
  await run('node', ['src/cli/simulate.ts', ...month])
  const images: string[] = []
  for (const sitting of SITTINGS) images.push(await shoot(browser, demo, sitting))
  writeFileSync(`${DOCS}demo.png`, await join(browser, images))
  console.log('docs/demo.png')
  await shootConsole(browser, demo)
  await shootScreens(browser, demo)
} finally {
  await browser.close()
  await demo.close()
}
