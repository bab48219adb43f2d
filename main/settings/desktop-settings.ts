import { Value } from 'typebox/value'
import { type DesktopChange, DesktopChangeSchema, type DesktopSettings } from '../../gateway/contract/desktop.ts'

/** A fresh installation: every notice, nothing that asks another machine. */
export const defaultSettings: DesktopSettings = {
  notices: { budget: true, quota: true, vpn: true, model: true },
  trayIcon: 'light',
  updates: false,
}

/**
 * The settings in a file's text; undefined = there is none. A value that cannot be read is as in a fresh installation
 * and takes no other with it: an application must start in any case.
 */
export function readSettings(text: string | undefined): DesktopSettings {
  const { notices, ...others } = parseObject(text)
  const values: readonly unknown[] = [
    ...Object.entries(others).map(([name, value]) => ({ [name]: value })),
    ...Object.entries(objectOr(notices)).map(([name, value]) => ({ notices: { [name]: value } })),
  ]
  return values.filter(isDesktopChange).reduce(changeSettings, defaultSettings)
}

/** True for a value that is a change; it may come from a page. */
export function isDesktopChange(value: unknown): value is DesktopChange {
  return Value.Check(DesktopChangeSchema, value)
}

/** The settings after a change. `openAtLogin` is none of them: the system keeps it. */
export function changeSettings(settings: DesktopSettings, change: DesktopChange): DesktopSettings {
  return {
    notices: { ...settings.notices, ...change.notices },
    trayIcon: change.trayIcon ?? settings.trayIcon,
    updates: change.updates ?? settings.updates,
  }
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {}
  try {
    return objectOr(JSON.parse(text))
  } catch {
    return {}
  }
}

function objectOr(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
