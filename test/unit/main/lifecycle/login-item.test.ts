import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { autostartEntry, autostartFile } from '../../../../main/lifecycle/autostart-file.ts'
import { readLoginItem, setLoginItem } from '../../../../main/lifecycle/login-item.ts'
import { readStartArguments } from '../../../../main/lifecycle/single-instance.ts'
import { createElectronDouble } from '../../../doubles/electron.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-login-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('opens at login on Linux by an entry that comes and goes', () => {
  const item = autostartFile({ directory: join(folder, 'autostart'), executable: '/opt/Signalbox/signalbox' })
  expect(item.read().on).toBe(false)
  item.write(true)
  item.write(true)
  expect(item.read().on).toBe(true)
  const path = join(folder, 'autostart', 'signalbox.desktop')
  expect(readFileSync(path, 'utf8')).toContain('Exec="/opt/Signalbox/signalbox" --hidden\n')
  // As desktops switch an entry off.
  writeFileSync(path, readFileSync(path, 'utf8').replace('enabled=true', 'enabled=false'))
  expect(item.read().on).toBe(false)
  item.write(false)
  item.write(false)
  expect(item.read().on).toBe(false)
})

it('quotes a path as the desktop entry specification wants it', () => {
  const exec = autostartEntry(String.raw`/home/a "b"/$x\y/100%.AppImage`).split('\n')[4]
  expect(exec).toBe(String.raw`Exec="/home/a \\"b\\"/\\$x\\\\y/100%%.AppImage" --hidden`)
})

it('is refused for a copy that was not installed, and tells when the system waits for consent', () => {
  const { ports, loginItem } = createElectronDouble()
  expect(readLoginItem(ports.loginItem, false)).toEqual({
    openAtLogin: false,
    note: expect.stringContaining('installed'),
  })
  expect(() => setLoginItem(ports.loginItem, false, true)).toThrow('Only an installed copy')
  expect(loginItem.on).toBe(false)
  setLoginItem(ports.loginItem, true, true)
  loginItem.awaitsApproval = true
  expect(readLoginItem(ports.loginItem, true)).toEqual({ openAtLogin: true, note: expect.stringContaining('allow') })
})

it.each([undefined, null, 'x', {}, { arguments: 'signalbox://a' }])('reads no arguments out of %j', (data) => {
  expect(readStartArguments(data)).toEqual([])
})
