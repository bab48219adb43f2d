import { expect, it } from 'vitest'
import { windowOptions } from '../../../../main/window/window-options.ts'

const facts = { platform: 'linux', preloadFile: '/app/preload.cjs', developerTools: false, dark: false } as const

it('keeps every page in a sandbox without Node', () => {
  for (const kind of ['dashboard', 'panel'] as const) {
    expect(windowOptions(kind, facts).webPreferences).toEqual({
      preload: '/app/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: false,
    })
    expect(windowOptions(kind, facts).show).toBe(false)
  }
})

it('makes the panel a frameless popover, but a small window on Linux', () => {
  expect(windowOptions('panel', { ...facts, platform: 'win32' })).toMatchObject({
    frame: false,
    alwaysOnTop: true,
    skipTaskbar: true,
  })
  expect(windowOptions('panel', facts)).toMatchObject({ frame: true, alwaysOnTop: false, width: 380, height: 600 })
})

it('does not let the dashboard shrink below what it can show', () => {
  expect(windowOptions('dashboard', facts)).toMatchObject({ width: 1280, height: 820, minWidth: 760, minHeight: 520 })
})
