import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findInterfaceLink, openBrowser } from './open-browser.ts'

const gatewayEntry = new URL('../../gateway/process.ts', import.meta.url)

export interface GatewayAloneOptions {
  /** Whether this machine can show a browser. */
  readonly display: boolean
  /** For the gateway, as written. */
  readonly flags: readonly string[]
}

/** Runs the gateway without Electron until it ends; its exit code becomes this process's own. */
export async function runGatewayAlone({ display, flags }: GatewayAloneOptions): Promise<void> {
  if (display && process.env.BROWSER !== 'none') {
    process.exitCode = await runAndOpen(flags)
    return
  }
  // Nobody has to read along: this process becomes the gateway.
  process.argv = [process.execPath, fileURLToPath(gatewayEntry), ...flags]
  await import(gatewayEntry.href)
}

/** The gateway as a child whose lines are passed on; the first interface link among them opens in the browser. */
function runAndOpen(flags: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(gatewayEntry), ...flags], {
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  let opened = false
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (text) => {
    process.stdout.write(`${text}\n`)
    const link = opened ? undefined : findInterfaceLink(text)
    if (link === undefined) return
    opened = true
    openBrowser(link)
  })
  // Ctrl-C reaches the child by itself; it drains, and a second Ctrl-C ends it at once.
  const wait = () => undefined
  const pass = () => child.kill('SIGTERM')
  process.on('SIGINT', wait)
  process.on('SIGTERM', pass)
  return new Promise((resolve) => {
    const finish = (code: number) => {
      process.off('SIGINT', wait)
      process.off('SIGTERM', pass)
      resolve(code)
    }
    child.once('error', () => finish(1))
    child.once('exit', (code) => finish(code ?? 1))
  })
}
