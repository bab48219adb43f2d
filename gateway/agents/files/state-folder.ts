import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentPlace } from '../agent.ts'

/**
 * Where exports keep what they need to be taken back, beside the files they change and not in the data of a gateway: a
 * home has one set of agents, whichever gateway they point at.
 */
export interface StateFolder {
  readonly folder: string
  readonly journal: string
  readonly record: (agent: string) => string
  readonly key: (agent: string) => string
  /** The mark of an export that rests while the gateway does not run. */
  readonly resting: (agent: string) => string
  /** A new backup's place: the moment comes first, so that they sort. */
  readonly backup: (agent: string, at: number, index: number, path: string) => string
  /** Whether any agent has a record or rests. Looks at names only. */
  readonly hasExports: () => boolean
}

export function stateFolder(place: Pick<AgentPlace, 'configHome'>): StateFolder {
  const folder = join(place.configHome, 'signalbox', 'agents')
  const records = join(folder, 'records')
  return {
    folder,
    journal: join(folder, 'journal.json'),
    record: (agent) => join(records, `${agent}.json`),
    key: (agent) => join(folder, 'keys', agent),
    resting: (agent) => join(folder, 'resting', `${agent}.json`),
    backup: (agent, at, index, path) => {
      const moment = new Date(at).toISOString().replaceAll(/[:.]/gu, '-')
      return join(folder, 'backups', agent, `${moment}-${index}-${path.split(/[\\/]/u).at(-1) ?? 'file'}`)
    },
    hasExports: () => [records, join(folder, 'resting')].some(hasMarks),
  }
}

function hasMarks(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.endsWith('.json'))
  } catch {
    return false
  }
}
