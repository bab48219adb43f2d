/** What decides how `npm start` begins. Read once by the caller, so that the decision is a function of values. */
export interface LaunchFacts {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly electron: 'installed' | 'missing' | 'failed-to-install' | 'not-a-dependency'
  /** True when the files Electron starts were built, or can be. */
  readonly desktopBuilt: boolean
  /** Effective user id; undefined on Windows. */
  readonly userId: number | undefined
}

export type Launch =
  | { readonly kind: 'desktop' }
  | { readonly kind: 'install-electron' }
  /** `display` says whether a browser can be opened on this machine. */
  | { readonly kind: 'gateway-alone'; readonly reason: string; readonly display: boolean }

/** Chooses between the desktop app, fetching Electron first, and the gateway alone with the reason in one phrase. */
export function decideLaunch(facts: LaunchFacts): Launch {
  const noDisplay = missingDisplay(facts)
  if (noDisplay !== undefined) return { kind: 'gateway-alone', reason: noDisplay, display: false }
  const alone = (reason: string): Launch => ({ kind: 'gateway-alone', reason, display: true })
  if (facts.platform === 'linux' && facts.userId === 0) return alone('Electron does not run as root')
  switch (facts.electron) {
    case 'not-a-dependency':
      return alone('Electron is not installed (npm ci installs it)')
    case 'failed-to-install':
      return alone('the Electron binary could not be downloaded')
    case 'missing':
      return { kind: 'install-electron' }
    case 'installed':
      return facts.desktopBuilt ? { kind: 'desktop' } : alone('the desktop part could not be built')
  }
}

/** The phrase for a machine without a screen, or undefined where there is one. */
function missingDisplay({ platform, environment }: LaunchFacts): string | undefined {
  const overSsh = isSet(environment.SSH_CONNECTION) || isSet(environment.SSH_TTY)
  if (platform === 'linux') {
    if (isSet(environment.DISPLAY) || isSet(environment.WAYLAND_DISPLAY)) return undefined
    return overSsh ? 'this SSH session has no display' : 'there is no display'
  }
  return overSsh ? 'this is an SSH session' : undefined
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}

/** How Electron ended, as the launcher sees it. */
export interface ElectronExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly elapsedMs: number
  /** True when the end was asked for, by Ctrl-C or SIGTERM. */
  readonly asked: boolean
}

const neverStartedMs = 10_000

/**
 * What the launcher does when Electron ends: its exit code, or a phrase that says why the gateway runs alone. Code 127
 * (a library is missing) and an early death by signal (no usable sandbox, no GPU) mean that it never came up.
 */
export function afterElectron(exit: ElectronExit): { readonly exitCode: number } | { readonly reason: string } {
  if (exit.asked) return { exitCode: exit.code ?? 0 }
  const early = exit.elapsedMs < neverStartedMs
  if (early && exit.code === 127) return { reason: 'Electron could not start: a system library is missing (see above)' }
  if (early && exit.signal !== null) return { reason: `Electron could not start: it was ended by ${exit.signal}` }
  return { exitCode: exit.code ?? 1 }
}
