import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runElectron } from '../../../main/launch/run-electron.ts'

let folder: string
const script = (text: string) => {
  const executable = join(folder, 'electron')
  writeFileSync(executable, `#!/bin/sh\n${text}\n`)
  chmodSync(executable, 0o755)
  return {
    executable,
    projectDirectory: folder,
    flags: ['--port', '4100'],
    environment: { ...process.env, ELECTRON_RUN_AS_NODE: '1', OUT: folder },
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-electron-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(process.platform === 'win32')('runElectron', () => {
  it('passes the project and, behind --, the flags; never lets Electron run as Node', async () => {
    const exit = await runElectron(
      script(`test "$1" = "${folder}" && test "$2 $3 $4" = "-- --port 4100" && test -z "$ELECTRON_RUN_AS_NODE"`),
    )
    expect(exit).toMatchObject({ code: 0, signal: null, asked: false })
  })

  it('tells how it ended', async () => {
    expect(await runElectron(script('exit 3'))).toMatchObject({ code: 3, signal: null })
    expect(await runElectron(script('kill -TRAP $$'))).toMatchObject({ code: null, signal: 'SIGTRAP' })
  })

  it('is like a missing library when the executable cannot be run', async () => {
    expect(await runElectron({ ...script(''), executable: join(folder, 'none') })).toMatchObject({ code: 127 })
  })

  it('leaves no signal listeners behind', async () => {
    const before = process.listenerCount('SIGINT') + process.listenerCount('SIGTERM')
    await runElectron(script('exit 0'))
    expect(process.listenerCount('SIGINT') + process.listenerCount('SIGTERM')).toBe(before)
  })
})
