import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
let folder: string
let child: ChildProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-start-'))
})
afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Runs what `npm start` runs. `printed` resolves with all output so far once it contains the text. */
function start(environment: Record<string, string>) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, SSH_TTY: _tty, SSH_CONNECTION: _ssh, ...rest } = process.env
  const started = spawn(
    process.execPath,
    [join(root, 'main', 'start.ts'), '--port', '0', '--data-dir', join(folder, 'data')],
    {
      env: { ...rest, SIGNALBOX_DISCOVER: '0', BROWSER: 'none', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  child = started
  let output = ''
  let notify: () => void = () => undefined
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      notify()
    })
  }
  const exited = new Promise<number | null>((resolve) => started.once('exit', resolve))
  const printed = (text: string) =>
    new Promise<string>((resolve, reject) => {
      notify = () => {
        if (output.includes(text)) resolve(output)
      }
      void exited.then((code) => reject(new Error(`ended with ${code}: ${output}`)))
      notify()
    })
  return { printed, exited, process: started }
}

describe.skipIf(process.platform === 'win32')('npm start', () => {
  it('says in one line why there is no window, serves, and ends cleanly on Ctrl-C', async () => {
    const { printed, exited, process: running } = start(process.platform === 'linux' ? {} : { SSH_TTY: '/dev/ttys0' })
    const output = await printed('keys show')
    expect(output.split('\n')[0]).toMatch(
      /^No desktop window: .*\. The gateway runs alone, with its interface in the browser\.$/,
    )
    const [, url] = /listening on (http:\S+)/.exec(output) ?? []
    expect((await fetch(`${url}/health/liveliness`)).status).toBe(200)
    running.kill('SIGINT')
    expect(await exited).toBe(0)
    expect(existsSync(join(folder, 'data', 'gateway.json'))).toBe(false)
    // The interface may have to be built first.
  }, 90_000)

  // Root may not run Electron on Linux, so there the launcher never comes to start it.
  const canStart = process.platform === 'linux' && process.geteuid?.() !== 0

  it.skipIf(!canStart)(
    'starts Electron on the built main with the flags behind --, and ends with its code',
    async () => {
      const executable = join(folder, 'electron')
      writeFileSync(executable, '#!/bin/sh\necho "args: $*"\nexit 7\n')
      chmodSync(executable, 0o755)
      const { printed, exited } = start({ DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: folder })
      expect(await printed('args: ')).toContain(`-- --port 0 --data-dir ${join(folder, 'data')}`)
      expect(await exited).toBe(7)
    },
  )
})
