import { expect, it } from 'vitest'
import { createGatewaySupervisor } from '../../../../main/gateway/gateway-supervisor.ts'
import { createForkDouble, createLoggerDouble } from '../../../doubles/electron.ts'
import { createManualClock } from '../../../doubles/manual-clock.ts'

const listening = { type: 'listening', url: 'http://127.0.0.1:4000', controlToken: 'secret-token' }

function setUp() {
  const clock = createManualClock()
  const forks = createForkDouble()
  const log = createLoggerDouble()
  const supervisor = createGatewaySupervisor({ fork: forks.fork, clock, logger: log.logger })
  const phases: string[] = []
  supervisor.subscribe((state) => phases.push(state.phase))
  return { clock, forks, log, supervisor, phases }
}

it('brings a crashed gateway back after half a second', () => {
  const { clock, forks, supervisor, phases } = setUp()
  supervisor.start()
  forks.last().say(listening)
  forks.last().exit(139)
  expect(supervisor.state().phase).toBe('waiting')
  clock.advance(499)
  expect(forks.children).toHaveLength(1)
  clock.advance(1)
  expect(forks.children).toHaveLength(2)
  forks.last().say(listening)
  expect(phases).toEqual(['starting', 'running', 'waiting', 'starting', 'running'])
  expect(clock.pending()).toBe(0)
})

it('does not hear an earlier child', () => {
  const { clock, forks, supervisor } = setUp()
  supervisor.start()
  const first = forks.last()
  first.exit(1)
  clock.advance(500)
  first.say(listening)
  first.exit(3)
  expect(supervisor.state().phase).toBe('starting')
})

it('waits for the end of the child when it stops, and kills one that does not obey', async () => {
  const { clock, forks, supervisor } = setUp()
  forks.state.obedient = false
  supervisor.start()
  forks.last().say(listening)
  const stopped = supervisor.stop()
  expect(forks.last().sent).toEqual([{ type: 'stop', graceMs: 8000 }])
  clock.advance(10_999)
  expect(forks.last().killed).toBe(false)
  clock.advance(1)
  expect(forks.last().killed).toBe(true)
  await stopped
  expect(supervisor.state().phase).toBe('stopped')
  expect(clock.pending()).toBe(0)
})

it('is stopped at once when nothing runs', async () => {
  const { supervisor, clock, forks } = setUp()
  await supervisor.stop()
  supervisor.start()
  forks.last().exit(1)
  await supervisor.stop()
  expect(supervisor.state().phase).toBe('stopped')
  expect(clock.pending()).toBe(0)
})

it('counts a process that could not be made as a crash and says so', async () => {
  const { forks, supervisor } = setUp()
  forks.state.failWith = new Error('no such file')
  supervisor.start()
  await Promise.resolve()
  await Promise.resolve()
  expect(supervisor.state()).toMatchObject({
    phase: 'waiting',
    message: expect.stringContaining('no such file') as string,
  })
})

it.each([
  undefined,
  null,
  7,
  'listening',
  {},
  { type: 'listening' },
  { type: 'listening', url: 'no url', controlToken: 't' },
])('ignores the message %j', (message) => {
  const { forks, supervisor, log } = setUp()
  supervisor.start()
  forks.last().say(message)
  expect(supervisor.state().phase).toBe('starting')
  expect(log.lines.map((line) => line.event)).toContain('gateway-message-unknown')
})

it('writes neither the control token nor what the child said to the log', () => {
  const { forks, supervisor, log } = setUp()
  supervisor.start()
  forks.last().say(listening)
  forks.last().say({ type: 'failed', exitCode: 2, message: 'config.yaml:3 api_key is "sk-canary"' })
  forks.last().exit(2)
  expect(supervisor.state()).toMatchObject({ phase: 'failed', cause: 'bad-config' })
  expect(log.lines.at(-1)).toMatchObject({ event: 'gateway-phase', fields: { phase: 'failed', cause: 'bad-config' } })
  expect(JSON.stringify(log.lines)).not.toMatch(/secret-token|sk-canary/)
})
