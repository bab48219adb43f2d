import { findChromium, launchChromium } from '../ui/browser.ts'
import { buildInterface } from '../ui/interface-build.ts'
import { startRealGateway } from '../ui/real-gateway.ts'
import { median, printTable } from './print-table.ts'

/*
 * npm run bench:panel [-- rounds]: how soon the panel shows something with a warm gateway: the first paint with content
 * and the moment at which live data stands in it, in ms since the page was asked for. Each round is a window of its own, as
 * after a start of the application; the first is not counted. Needs a Chromium in PATH.
 */

const rounds = Number(process.argv[2] ?? 10)
const chromium = findChromium()
if (chromium === undefined) {
  console.log('Skipped: there is no Chromium in PATH.')
  process.exit(0)
}

await using stack = new AsyncDisposableStack()
const gateway = await startRealGateway(await buildInterface())
stack.defer(() => gateway.stop())
for (let request = 0; request < 20; request += 1) await gateway.ask(gateway.masterKey)
const browser = await launchChromium(chromium)
stack.defer(() => browser.close())

async function openPanel(): Promise<{ readonly painted: number; readonly live: number }> {
  const context = await browser.newContext({ viewport: { width: 380, height: 600 } })
  const page = await context.newPage()
  await page.goto(await gateway.link(), { waitUntil: 'commit' })
  await page
    .getByText(/^Running/u)
    .first()
    .waitFor()
  const live = await page.evaluate(() => performance.now())
  const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime)
  await context.close()
  return { painted: painted ?? Number.NaN, live }
}

await openPanel()
const seen = []
for (let round = 0; round < rounds; round += 1) seen.push(await openPanel())
const row = (name: string, values: readonly number[]) => [
  name,
  ...[Math.min(...values), median(values), Math.max(...values)].map((value) => value.toFixed(0)),
]
printTable(
  [`the panel, ${rounds} times, ms`, 'least', 'median', 'most'],
  [
    row(
      'first paint',
      seen.map(({ painted }) => painted),
    ),
    row(
      'live data',
      seen.map(({ live }) => live),
    ),
  ],
)
