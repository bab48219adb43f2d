import { describe, expect, it } from 'vitest'
import { afterElectron, decideLaunch, type LaunchFacts } from '../../../../main/launch/decide-launch.ts'

const desktop: LaunchFacts = {
  platform: 'linux',
  environment: { DISPLAY: ':0' },
  electron: 'installed',
  desktopBuilt: true,
  userId: 1000,
}

const alone = (reason: string, display: boolean) => ({ kind: 'gateway-alone', reason, display })

describe('decideLaunch', () => {
  const cases: [string, Partial<LaunchFacts>, object][] = [
    ['a Linux desktop under X11', {}, { kind: 'desktop' }],
    ['a Linux desktop under Wayland', { environment: { WAYLAND_DISPLAY: 'wayland-0' } }, { kind: 'desktop' }],
    ['Linux without a display', { environment: {} }, alone('there is no display', false)],
    ['an empty DISPLAY', { environment: { DISPLAY: '' } }, alone('there is no display', false)],
    [
      'SSH to Linux',
      { environment: { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' } },
      alone('this SSH session has no display', false),
    ],
    [
      'SSH to Linux with X forwarding',
      { environment: { SSH_TTY: '/dev/pts/0', DISPLAY: 'localhost:10' } },
      { kind: 'desktop' },
    ],
    ['macOS', { platform: 'darwin', environment: {} }, { kind: 'desktop' }],
    [
      'SSH to macOS',
      { platform: 'darwin', environment: { SSH_TTY: '/dev/ttys1' } },
      alone('this is an SSH session', false),
    ],
    ['Windows', { platform: 'win32', environment: {}, userId: undefined }, { kind: 'desktop' }],
    [
      'SSH to Windows',
      { platform: 'win32', environment: { SSH_CONNECTION: 'x' } },
      alone('this is an SSH session', false),
    ],
    ['root on Linux', { userId: 0 }, alone('Electron does not run as root', true)],
    ['root on macOS', { platform: 'darwin', userId: 0 }, { kind: 'desktop' }],
    ['a missing binary', { electron: 'missing' }, { kind: 'install-electron' }],
    [
      'a missing binary without a display',
      { electron: 'missing', environment: {} },
      alone('there is no display', false),
    ],
    [
      'a failed download',
      { electron: 'failed-to-install' },
      alone('the Electron binary could not be downloaded', true),
    ],
    [
      'no Electron package',
      { electron: 'not-a-dependency' },
      alone('Electron is not installed (npm ci installs it)', true),
    ],
    ['a broken build', { desktopBuilt: false }, alone('the desktop part could not be built', true)],
  ]
  it.each(cases)('%s', (_name, change, expected) => {
    expect(decideLaunch({ ...desktop, ...change })).toEqual(expected)
  })
})

describe('afterElectron', () => {
  const exit = { code: 0, signal: null, elapsedMs: 60_000, asked: false }

  it('ends with the code of Electron', () => {
    expect(afterElectron(exit)).toEqual({ exitCode: 0 })
    expect(afterElectron({ ...exit, code: 3 })).toEqual({ exitCode: 3 })
  })

  it('runs the gateway alone when Electron never came up', () => {
    expect(afterElectron({ ...exit, code: 127, elapsedMs: 80 })).toHaveProperty('reason')
    expect(afterElectron({ ...exit, code: null, signal: 'SIGTRAP', elapsedMs: 300 })).toHaveProperty('reason')
  })

  it('does not start anything again after a late crash or a Ctrl-C', () => {
    expect(afterElectron({ ...exit, code: null, signal: 'SIGSEGV' })).toEqual({ exitCode: 1 })
    expect(afterElectron({ ...exit, code: null, signal: 'SIGINT', elapsedMs: 10, asked: true })).toEqual({
      exitCode: 0,
    })
  })
})
