import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  changeSettings,
  defaultSettings,
  isDesktopChange,
  readSettings,
} from '../../../../main/settings/desktop-settings.ts'
import { openSettings } from '../../../../main/settings/settings-store.ts'
import { createStateFileDouble } from '../../../doubles/electron.ts'

describe('the settings of the desktop', () => {
  it.each([undefined, '', 'not json', '[]', 'null', '42', '{"notices":[]}'])(
    'are those of a fresh copy for %j',
    (text) => {
      expect(readSettings(text)).toEqual(defaultSettings)
    },
  )

  it('lose only the value that cannot be read', () => {
    const text = JSON.stringify({ trayIcon: 'purple', updates: true, notices: { vpn: false, quota: 'no' }, more: 1 })
    expect(readSettings(text)).toEqual({
      ...defaultSettings,
      updates: true,
      notices: { ...defaultSettings.notices, vpn: false },
    })
  })

  it('are read as they were written, whatever was chosen', () => {
    const settings = fc.record({
      notices: fc.record({ budget: fc.boolean(), quota: fc.boolean(), vpn: fc.boolean(), model: fc.boolean() }),
      trayIcon: fc.constantFrom('light' as const, 'dark' as const),
      updates: fc.boolean(),
    })
    fc.assert(
      fc.property(settings, (chosen) => {
        expect(readSettings(JSON.stringify(changeSettings(defaultSettings, chosen)))).toEqual(chosen)
      }),
    )
  })

  it.each([{ port: 1 }, { notices: { all: true } }, { updates: 'yes' }, [], null, 'updates'])(
    'do not take %j for a change',
    (value) => {
      expect(isDesktopChange(value)).toBe(false)
    },
  )

  it('stay as they are when they cannot be written', () => {
    const { file, port } = createStateFileDouble()
    const settings = openSettings(port)
    settings.change({ notices: { vpn: false } })
    expect(JSON.parse(file.text ?? '')).toMatchObject({ notices: { vpn: false, budget: true } })
    file.broken = true
    expect(() => settings.change({ updates: true })).toThrow('The setting could not be kept: ENOSPC')
    expect(settings.current()).toMatchObject({ updates: false, notices: { vpn: false } })
  })
})
