import type { AgentView } from '../contract.ts'
import type { LampState } from './lamp-state.ts'

export type ShownAgentState = AgentView['state'] | 'unreachable'

const order: readonly ShownAgentState[] = ['drifted', 'outdated', 'in place', 'absent', 'not installed', 'unreachable']
const connected: ReadonlySet<ShownAgentState> = new Set(['in place', 'outdated', 'drifted'])
const lamps: Partial<Record<ShownAgentState, LampState>> = {
  'in place': 'up',
  outdated: 'away',
  drifted: 'away',
  absent: 'off',
}

/** What an agent's row says; whether one that cannot connect is installed does not matter. */
export function shownState({ kind, state }: AgentView): ShownAgentState {
  return kind === 'unreachable' ? 'unreachable' : state
}

/** Undefined: a dash stands in place of the lamp. */
export function agentLamp(state: ShownAgentState): LampState | undefined {
  return lamps[state]
}

export function isConnected(agent: AgentView): boolean {
  return connected.has(shownState(agent))
}

/** Whether its files are as exported and it gets no answer all the same, as its key is gone or what it stands on: connecting helps. */
export function isCutOff({ state, drift }: Pick<AgentView, 'state' | 'drift'>): boolean {
  return state === 'outdated' && drift.length > 0
}

export interface AgentGroups {
  readonly agents: readonly AgentView[]
  readonly snippets: readonly AgentView[]
  readonly connected: number
  readonly found: number
}

/** Agents by state, connected ones first, otherwise in the gateway's order; snippets apart. */
export function groupAgents(all: readonly AgentView[]): AgentGroups {
  const snippets = all.filter(({ kind }) => kind === 'snippet')
  const rank = (agent: AgentView) => {
    const state = shownState(agent)
    return connected.has(state) ? 0 : order.indexOf(state)
  }
  const agents = all.filter(({ kind }) => kind !== 'snippet').sort((one, other) => rank(one) - rank(other))
  return {
    agents,
    snippets,
    connected: all.filter(isConnected).length,
    found: agents.filter((agent) => shownState(agent) === 'absent').length,
  }
}
