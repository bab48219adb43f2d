import type { SupervisorState } from '../../../../main/gateway/supervisor-state.ts'
import type { TrayIcon } from '../../../../main/tray/tray-icon.ts'
import { initialTrayState, type TrayState } from '../../../../main/tray/tray-state.ts'
import {
  backendView,
  hostAway,
  limit,
  networkView,
  requestView,
  routerView,
  runningState,
  statusView,
  vpnOff,
  vpnOn,
} from './views.ts'

/** A state of the tray and all that it shows. Of the menu the lines above the commands that are always there. */
export interface ShownState {
  readonly name: string
  readonly state: TrayState
  readonly icon: TrayIcon
  readonly tooltip: string
  readonly head: readonly string[]
  /** What can be done with the gateway. */
  readonly commands: readonly string[]
}

const without = (gateway: SupervisorState): TrayState => ({ ...runningState(), gateway })
const failed = (cause: 'bad-config' | 'port-taken' | 'crash-loop', message: string, offeredPort?: number) =>
  without({ phase: 'failed', cause, message, offeredPort })
const config = statusView().config
const spendToday = statusView().spendToday

const router = 'mistral-router: Auto'
const request = ['-', 'Last requests', 'C  large, $0.0223']
const running = ['Running on 127.0.0.1:4000', '$1.95 today, 412 requests']
const usual = [...running, '-', router, ...request]
const spend = 'Signalbox: $1.95 today, last COMPLEX'
const pause = ['Pause gateway']

const notRunning: readonly ShownState[] = [
  {
    name: 'before anything began',
    state: initialTrayState,
    icon: 'off',
    tooltip: 'Signalbox: stopped',
    head: ['Stopped'],
    commands: ['Start gateway'],
  },
  {
    name: 'starting',
    state: without({ phase: 'starting' }),
    icon: 'off',
    tooltip: 'Signalbox: starting',
    head: ['Starting'],
    commands: ['Stop gateway'],
  },
  {
    name: 'stopping',
    state: without({ phase: 'stopping', restart: false }),
    icon: 'off',
    tooltip: 'Signalbox: stopping',
    head: ['Stopping'],
    commands: [],
  },
  {
    name: 'restarting',
    state: without({ phase: 'stopping', restart: true }),
    icon: 'off',
    tooltip: 'Signalbox: stopping',
    head: ['Restarting'],
    commands: [],
  },
  {
    name: 'crashed, the next start is due',
    state: without({ phase: 'waiting', retryAt: 1, message: 'The gateway ended unexpectedly (exit code 139).' }),
    icon: 'off',
    tooltip: 'Signalbox: The gateway ended unexpectedly (exit code 139). It is started again.',
    head: ['Crashed, starting again'],
    commands: ['Stop gateway'],
  },
  {
    name: 'given up after five crashes',
    state: failed('crash-loop', 'The gateway ended unexpectedly (exit code 139).'),
    icon: 'off',
    tooltip: 'Signalbox: The gateway ended unexpectedly (exit code 139).',
    head: ['The gateway ended unexpectedly (exit code 139).'],
    commands: ['Start gateway again'],
  },
  {
    name: 'port taken, another one is free',
    state: failed('port-taken', 'Port 4000 is held by LiteLLM (process 2210).', 4001),
    icon: 'off',
    tooltip: 'Signalbox: Port 4000 is held by LiteLLM (process 2210).',
    head: ['Port 4000 is held by LiteLLM (process 2210).'],
    commands: ['Use port 4001 instead', 'Start gateway again'],
  },
  {
    name: 'the config has errors',
    state: failed('bad-config', 'config.yaml:3 model_list: a list is wanted'),
    icon: 'off',
    tooltip: 'Signalbox: config.yaml:3 model_list: a list is wanted',
    head: ['config.yaml:3 model_list: a list is wanted'],
    commands: ['Start gateway again'],
  },
]

const well: readonly ShownState[] = [
  { name: 'well', state: runningState(), icon: 'ok', tooltip: spend, head: usual, commands: pause },
  {
    name: 'running, nothing heard yet',
    state: { ...runningState(), snapshot: undefined },
    icon: 'ok',
    tooltip: 'Signalbox: running',
    head: ['Running on 127.0.0.1:4000'],
    commands: pause,
  },
  {
    name: 'a fresh installation',
    state: runningState({
      status: statusView({ lastTier: null, spendToday: { ...spendToday, requests: 0, billedNanoUsd: 0 } }),
      routers: [],
      requests: [],
    }),
    icon: 'ok',
    tooltip: 'Signalbox: $0.00 today',
    head: ['Running on 127.0.0.1:4000', '$0.00 today, 0 requests'],
    commands: pause,
  },
  {
    name: 'a request that has been running for a while',
    state: { ...runningState({ requests: [requestView({ phase: 'running' })] }), working: true },
    icon: 'working',
    tooltip: spend,
    head: [...running, '-', router, '-', 'Last requests', 'C  large, running'],
    commands: pause,
  },
  {
    name: 'a pinned router and one that is off',
    state: runningState({
      routers: [
        routerView({ position: { mode: 'pinned', tier: 'SIMPLE' } }),
        routerView({ name: 'other', position: { mode: 'off' } }),
      ],
    }),
    icon: 'ok',
    tooltip: spend,
    head: [...running, '-', 'mistral-router: Pinned to SIMPLE', 'other: Off', ...request],
    commands: pause,
  },
  {
    name: 'servers and a VPN',
    state: runningState({ backends: [backendView()], network: networkView(vpnOn) }),
    icon: 'ok',
    tooltip: spend,
    head: [...usual, '-', 'VPN on: gpu-node', 'this machine: Ollama, 3 models'],
    commands: pause,
  },
  {
    name: 'the VPN lost: a stand-in answers, so the icon stays',
    state: runningState({ network: networkView(vpnOff, [hostAway()]) }),
    icon: 'ok',
    tooltip: spend,
    head: [...usual, '-', 'VPN off: reconnect to use gpu-node', 'gpu-node: VPN off'],
    commands: pause,
  },
  {
    name: 'paused',
    state: runningState({ status: statusView({ pausedSince: 9 }) }),
    icon: 'off',
    tooltip: 'Signalbox: paused',
    head: ['Paused on 127.0.0.1:4000', running[1] ?? '', '-', router, ...request],
    commands: ['Resume gateway'],
  },
]

const keyRefused = requestView({ errorCode: 'provider_key_refused', status: 401 })

const troubled: readonly ShownState[] = [
  {
    name: 'a provider refuses its key',
    state: runningState({ requests: [keyRefused] }),
    icon: 'degraded',
    tooltip: 'Signalbox: mistral refuses its key',
    head: [
      'Running on 127.0.0.1:4000',
      'mistral refuses its key',
      running[1] ?? '',
      '-',
      router,
      '-',
      'Last requests',
      'C  large, failed',
    ],
    commands: pause,
  },
  {
    name: 'the last edit of the config was refused',
    state: runningState({ status: statusView({ config: { ...config, refused: true } }) }),
    icon: 'degraded',
    tooltip: 'Signalbox: config.yaml has an error: the last good version is in use',
    head: ['Running on 127.0.0.1:4000', 'config.yaml has an error: the last good version is in use', ...usual.slice(1)],
    commands: pause,
  },
  {
    name: 'a changed port waits for a restart',
    state: runningState({
      status: statusView({ config: { ...config, restartNeeded: ['signalbox.port is now 4010'] } }),
    }),
    icon: 'ok',
    tooltip: spend,
    head: ['Running on 127.0.0.1:4000', 'signalbox.port is now 4010', ...usual.slice(1)],
    commands: ['Restart gateway', 'Pause gateway'],
  },
  {
    name: 'a budget near its end, and a provider that fails',
    state: runningState({ limits: [limit({ share: 0.92 })], requests: [keyRefused] }),
    icon: 'limit',
    tooltip: 'Signalbox: Budget of opencode: 92 % used',
    head: [
      'Running on 127.0.0.1:4000',
      'mistral refuses its key',
      'Budget of opencode: 92 % used',
      running[1] ?? '',
      '-',
      router,
      '-',
      'Last requests',
      'C  large, failed',
    ],
    commands: pause,
  },
  {
    name: 'a budget used up while paused',
    state: runningState({ limits: [limit({ share: 1 })], status: statusView({ pausedSince: 9 }) }),
    icon: 'off',
    tooltip: 'Signalbox: paused',
    head: ['Paused on 127.0.0.1:4000', 'Budget of opencode: all used', running[1] ?? '', '-', router, ...request],
    commands: ['Resume gateway'],
  },
]

export const shownStates: readonly ShownState[] = [...notRunning, ...well, ...troubled]
