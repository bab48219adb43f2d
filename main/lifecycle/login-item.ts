import type { LoginItemPort } from '../ports/electron-ports.ts'

/** The flag of a start by the system: nothing opens until it is asked for. */
export const hiddenFlag = '--hidden'

export interface LoginItemView {
  readonly openAtLogin: boolean
  /** Why it cannot be had, or what the user must still do; null = nothing. */
  readonly note: string | null
}

const needsInstallation = 'Only an installed copy can be opened at login: this one was started from its sources.'
const needsApproval = 'The system asks for your consent first: allow Signalbox in its settings, under login items.'

/** Whether the app opens at login, as the system says; a copy that was not installed would register Electron itself. */
export function readLoginItem(port: LoginItemPort, installed: boolean): LoginItemView {
  if (!installed) return { openAtLogin: false, note: needsInstallation }
  const { on, awaitsApproval } = port.read()
  return { openAtLogin: on, note: awaitsApproval ? needsApproval : null }
}

/** Sets it. @throws Error with a sentence when this copy cannot be opened at login, and what the system says */
export function setLoginItem(port: LoginItemPort, installed: boolean, on: boolean): void {
  if (!installed) throw new Error(needsInstallation)
  port.write(on)
}
