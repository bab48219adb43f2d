import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'keyring-session.ts')

function has(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined
}

const canRunKeyring = process.platform === 'linux' && has('dbus-run-session') && has('gnome-keyring-daemon')
const title = canRunKeyring
  ? 'a real gnome-keyring'
  : 'a real gnome-keyring (skipped: dbus-run-session or gnome-keyring-daemon is not installed)'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-keyring-'))
  mkdirSync(join(folder, 'data', 'keyrings'), { recursive: true })
  mkdirSync(join(folder, 'run'), { mode: 0o700 })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the session script in a bus and home of its own. `prelude` is shell text that starts a keyring, or nothing. */
async function session(prelude: string, argument: string, busArguments: readonly string[] = []) {
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    SESSION_SCRIPT: script,
    SESSION_NODE: process.execPath,
  }
  const command = `${prelude}\n"$SESSION_NODE" "$SESSION_SCRIPT" ${argument}`
  const { stdout } = await run('dbus-run-session', [...busArguments, '--', 'bash', '-c', command], { env: environment })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>
}

const unlocked = `eval "$(printf '%s' hunter2 | gnome-keyring-daemon --unlock --components=secrets 2>/dev/null)"`
const locked = 'eval "$(gnome-keyring-daemon --start --components=secrets 2>/dev/null)"'

describe.skipIf(!canRunKeyring)(title, () => {
  it('keeps a value from one session to the next, and forgets it when told to', async () => {
    const first = await session(unlocked, 'keep')
    expect(first).toEqual({
      before: null,
      after: 'a value with ünïcode',
      credentials: [{ account: 'kept', password: 'a value with ünïcode' }],
      deletedMissing: false,
    })
    const second = await session(unlocked, 'delete')
    expect(second).toMatchObject({ before: 'a value with ünïcode', deleted: true })
    const third = await session(unlocked, 'keep')
    expect(third).toMatchObject({ before: null })
  })

  it('a service without a usable keyring is an error with a remedy, never "absent"', async () => {
    const outcome = await session(locked, 'keep')
    expect(outcome).not.toHaveProperty('before')
    expect(outcome['error']).toMatch(/keyring|locked|Unlock/)
  })

  it.runIf(has('dbus-send'))(
    'a keychain that stands still is an error after the deadline and holds nothing up',
    async () => {
      // The daemon takes its name on the bus a moment after it has said that it runs.
      const ask =
        'dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets 2>/dev/null'
      const stop = `for try in $(seq 100); do pid=$(${ask} | grep -o '[0-9][0-9]*$') && break; sleep 0.05; done
        kill -STOP "$pid"; trap 'kill -CONT "$pid"' EXIT`
      const outcome = await session(`${unlocked}\n${stop}`, 'silent')
      expect(outcome['error']).toMatch(/did not answer within 0\.3 s/)
      expect(outcome['eventLoopWentOn']).toBe(true)
    },
  )

  it('a bus without a Secret Service is an error, never the forgetful kernel keyring', async () => {
    const config = join(folder, 'bus.conf')
    writeFileSync(
      config,
      '<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>',
    )
    const outcome = await session('', 'keep', [`--config-file=${config}`])
    expect(outcome['error']).toMatch(/no program offers the Secret Service/)
  })
})

describe.skipIf(process.platform !== 'linux')('a session without any bus', () => {
  it('is an error that says what is missing', async () => {
    const { stdout } = await run(process.execPath, [script, 'keep'], {
      env: { PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: join(folder, 'run') },
    })
    expect((JSON.parse(stdout) as Record<string, unknown>)['error']).toMatch(/session bus/)
  })
})
