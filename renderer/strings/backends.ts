import { plural } from './plural.ts'

/** The words for local servers, on their page and in the panel. */
export const backendStrings = {
  summary: (hosts: number, servers: number) =>
    `${plural(hosts, 'host', 'hosts')}, ${plural(servers, 'server', 'servers')}`,
  troubled: (count: number, away: number) => (count === away ? `${count} away` : `${count} in trouble`),
  look: 'Look again',
  lookHint: 'Every server is asked again within five seconds',
  thisMachine: 'This machine',
  seenNow: 'seen now',
  lastSeen: (time: string) => `last seen ${time}`,
  neverSeen: 'never seen',
  models: (count: number) => plural(count, 'model', 'models'),
  offered: 'found, not in use',
  busy: 'busy',
  states: {
    unknown: 'not asked yet',
    starting: 'loading its model',
    auth: 'wants a key',
    failing: 'answers with errors',
    impostor: 'is another kind of server',
    down: 'not running',
    away: 'away',
  },
  because: (label: string, reason: string) => `${label} ${reason}.`,
  columns: { model: 'Model', size: 'Size', context: 'Context', can: 'Can', state: 'State' },
  caption: (host: string) => `Models of ${host}`,
  loaded: 'loaded',
  onDisk: 'on disk',
  cloud: 'cloud, not in use',
  unknown: 'unknown',
  chat: 'chat',
  cut: (model: string, loaded: string, whole: string) => `${model} runs with ${loaded} of its ${whole} context.`,
  emptyTitle: 'No local server found',
  emptyText:
    'Start Ollama, llama.cpp, LM Studio, vLLM or another one on this machine, and it appears here by itself within ten seconds. Servers elsewhere are named under backends in',
  offTitle: 'Local servers are not looked for',
  offText: 'signalbox.discovery or SIGNALBOX_DISCOVER says so. Servers can still be named under backends in',
  announceAway: (name: string) => `${name} is away.`,
  announceBack: (name: string) => `${name} is back.`,
} as const
