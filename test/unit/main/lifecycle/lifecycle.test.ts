import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createApplication } from '../../../../main/application.ts'
import { installCrashGuard } from '../../../../main/lifecycle/crash-guard.ts'
import { installShutdown, quitOnSignals } from '../../../../main/lifecycle/shutdown.ts'
import { becomeOnlyInstance } from '../../../../main/lifecycle/single-instance.ts'
import { desktopDirectory } from '../../../../main/paths.ts'
import { createElectronDouble, createLoggerDouble } from '../../../doubles/electron.ts'
import { createManualClock } from '../../../doubles/manual-clock.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('createApplication', () => {
  const setUp = (names: string[], broken: Partial<Record<string, 'start' | 'stop' | 'hang'>> = {}) => {
    const clock = createManualClock()
    const log = createLoggerDouble()
    const steps: string[] = []
    const services = names.map((name) => ({
      name,
      start: () => {
        steps.push(`start ${name}`)
        if (broken[name] === 'start') throw new Error('broken')
      },
      stop: () => {
        steps.push(`stop ${name}`)
        if (broken[name] === 'stop') throw new Error('broken')
        return broken[name] === 'hang' ? new Promise<void>(() => undefined) : undefined
      },
    }))
    const app = createApplication({ services, clock, logger: log.logger, stopLimitMs: 1_000 })
    return { app, clock, log, steps }
  }

  it('starts forward and stops backward, once', async () => {
    const { app, steps, clock } = setUp(['a', 'b'])
    await app.start()
    await Promise.all([app.stop(), app.stop()])
    expect(steps).toEqual(['start a', 'start b', 'stop b', 'stop a'])
    expect(clock.pending()).toBe(0)
  })

  it('stops what had started when a start fails', async () => {
    const { app, steps } = setUp(['a', 'b', 'c'], { b: 'start' })
    await expect(app.start()).rejects.toThrow('broken')
    expect(steps).toEqual(['start a', 'start b', 'stop a'])
  })

  it('goes on stopping past one that fails and one that hangs', async () => {
    const { app, steps, clock, log } = setUp(['a', 'b', 'c'], { b: 'hang', c: 'stop' })
    await app.start()
    const stopped = app.stop()
    await settle()
    clock.advance(1_000)
    await stopped
    expect(steps.slice(3)).toEqual(['stop c', 'stop b', 'stop a'])
    expect(log.lines.filter(({ event }) => event === 'service-stop-failed')).toHaveLength(2)
  })
})

describe('quitting', () => {
  it('ends the app at the limit when the stop hangs', () => {
    const { ports, seen } = createElectronDouble()
    const clock = createManualClock()
    const { logger } = createLoggerDouble()
    installShutdown({ app: ports.app, stop: () => new Promise(() => undefined), clock, logger, limitMs: 5_000 })
    ports.app.quit()
    clock.advance(4_999)
    expect(seen.exitCode).toBeUndefined()
    clock.advance(1)
    expect(seen.exitCode).toBe(1)
  })

  it('quits though the stop failed', async () => {
    const { ports, seen } = createElectronDouble()
    const { logger } = createLoggerDouble()
    const clock = createManualClock()
    installShutdown({ app: ports.app, stop: () => Promise.reject(new Error('x')), clock, logger, limitMs: 5_000 })
    ports.app.quit()
    await settle()
    expect(seen.quits).toBe(1)
    expect(clock.pending()).toBe(0)
  })

  it('ends with the installer of an update instead of by itself', async () => {
    const { ports, seen } = createElectronDouble()
    const steps: string[] = []
    const shutdown = installShutdown({
      app: ports.app,
      stop: () => Promise.resolve(void steps.push('stopped')),
      clock: createManualClock(),
      logger: createLoggerDouble().logger,
      limitMs: 5_000,
    })
    shutdown.quitInto(() => steps.push('installer'))
    await settle()
    expect([steps, seen.quits]).toEqual([['stopped', 'installer'], 0])
    // The installer quits the app: nobody holds it up any more.
    ports.app.quit()
    expect(seen.quits).toBe(1)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('quits in order on %s', (signal) => {
    const process = new EventEmitter()
    let quits = 0
    const release = quitOnSignals(process, { quit: () => (quits += 1) })
    process.emit(signal)
    expect(quits).toBe(1)
    release()
    expect(process.eventNames()).toEqual([])
  })
})

it('is not the only instance when the lock is taken', () => {
  const { ports, seen } = createElectronDouble()
  expect(becomeOnlyInstance(ports.app, [])).toBe(true)
  seen.lock = false
  expect(becomeOnlyInstance(ports.app, [])).toBe(false)
})

it('logs a crash, says it once and ends with code 1', () => {
  const process = new EventEmitter()
  const { logger, lines } = createLoggerDouble()
  const shown: string[] = []
  const exits: number[] = []
  const showError = (_title: string, text: string) => shown.push(text)
  installCrashGuard({ process, logger, logPath: '/log', showError, exit: (code) => exits.push(code) })
  process.emit('uncaughtException', new Error('first'))
  process.emit('unhandledRejection', 'second')
  expect(lines.map(({ event }) => event)).toEqual(['main-crashed'])
  expect(shown).toEqual([expect.stringContaining('/log')])
  expect(exits).toEqual([1])
})

describe('desktopDirectory', () => {
  const inputs = {
    platform: 'linux',
    environment: {},
    home: '/home/u',
    workingDirectory: '/folder',
    dataDir: undefined,
  } as const

  it('keeps apart from the data of the gateway', () => {
    expect(desktopDirectory(inputs)).toBe('/home/u/.config/signalbox-desktop')
    expect(desktopDirectory({ ...inputs, environment: { XDG_CONFIG_HOME: '/x' } })).toBe('/x/signalbox-desktop')
    expect(desktopDirectory({ ...inputs, platform: 'darwin' })).toContain('Application Support')
  })

  it('goes with --data-dir, so that two data directories are two apps', () => {
    expect(desktopDirectory({ ...inputs, dataDir: 'd' })).toBe('/folder/d/desktop')
    expect(desktopDirectory({ ...inputs, environment: { SIGNALBOX_DATA_DIR: '/d' } })).toBe('/d/desktop')
  })
})
