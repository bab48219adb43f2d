import { formatCount } from '../format/figures.ts'
import { plural } from './plural.ts'

/** The words of the panel's lower half: spend of the day, local servers, what is nearly used up. */
export const panelStrings = {
  saved: (money: string) => `Routing saved ${money}`,
  perHour: (peak: string) => `Spend by hour today, at most ${peak}`,
  pause: {
    pause: 'Pause',
    pauseHint: 'Pause: agents are refused until it goes on, what runs is finished',
    resume: 'Go on',
    resumeHint: 'Go on: agents are answered again',
    failed: (reason: string) => `Not changed: ${reason}`,
  },
  backends: 'Backends',
  noBackends: 'No local server is in use.',
  more: (count: number) => `${formatCount(count)} more`,
  models: (label: string, count: number) => `${label}, ${plural(count, 'model', 'models')}`,
  busy: (words: string) => `${words}, busy`,
  starting: 'starting',
  notAsked: 'not asked yet',
  host: 'up',
  limits: 'Limits',
  noLimits: 'No budget and no quota is set.',
  budgetOf: (owner: string) => `Budget of ${owner}`,
  ownerOf: (of: 'gateway' | 'provider' | 'tag' | 'deployment', name: string) =>
    ({ gateway: 'the gateway', provider: `provider ${name}`, tag: `tag ${name}`, deployment: `model ${name}` })[of],
  quota: (model: string, limit: string) => `${model}, ${limit}`,
  left: (money: string) => `${money} left`,
  resets: (time: string) => `starts anew ${time}`,
  used: (used: string, most: string) => `${used} of ${most}`,
  reached: 'reached',
} as const
