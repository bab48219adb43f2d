import { formatCount } from '../format/figures.ts'
import { plural } from './plural.ts'

/** Words of the page Activity beyond the list itself. */
export const activityStrings = {
  search: 'Model, agent, call ID',
  searchLabel: 'Search requests',
  tiers: 'All tiers',
  tierLabel: 'Tier',
  agents: 'All agents',
  agentLabel: 'Agent',
  statuses: 'Any outcome',
  failed: 'Failed only',
  statusLabel: 'Outcome',
  ranges: { all: 'Any time', hour: 'Last hour', today: 'Today', week: 'Last 7 days' },
  rangeLabel: 'Time',
  clear: 'Show all',
  found: (count: number) => `${plural(count, 'request', 'requests')} found`,
  searching: 'Searching',
  noneTitle: 'No request is like that',
  noneText: 'Nothing in the ledger matches this search.',
  searchFailed: (reason: string) => `Only the newest requests are shown: ${reason}`,
  more: 'Older ones',
  candidates: {
    title: 'Candidates',
    verbs: { answered: 'answered', failed: 'failed', skipped: 'skipped', 'not needed': 'not needed' },
  },
  sameTokens: {
    title: 'The same tokens on each tier',
    bar: (model: string, share: string) => `${model}: ${share} of the dearest`,
    unknown: 'unknown',
    billing: { local: 'local', flat_rate: 'flat rate', demo: 'demo' } as Readonly<Record<string, string>>,
  },
  session: {
    turn: (turn: number, turns: number) => `turn ${formatCount(turn)} of ${formatCount(turns)}`,
  },
  changedSettings: 'The settings have changed since; the bars are those of now.',
  goneRouter: 'This router is not in the config any more.',
  wrong: {
    button: 'Wrong tier?',
    marked: (tier: string) => `Should be ${tier}`,
    menu: 'Which tier should it have been?',
    note: 'Stores the features of this turn, not its text.',
    remove: 'Take the mark back',
    failed: (reason: string) => `Not stored: ${reason}`,
  },
} as const
