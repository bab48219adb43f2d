import { join } from 'node:path'
import type { Agent, AgentPlace } from '../agent.ts'
import { fileToWrite, opencodeSettings } from '../opencode/opencode.ts'

/** Kilo Code 7: opencode's shape in its own file, for its extension and its CLI. Made from its documentation and not run. */
export const kiloCode: Agent = {
  id: 'kilo-code',
  name: 'Kilo Code',
  signs: (place) => [folder(place), 'kilo'],
  files: paths,
  plan(current, facts) {
    const path = fileToWrite(paths(facts.place), current)
    const settings = opencodeSettings(current, paths(facts.place), facts, `{file:${facts.key.file}}`)
    // The schema is opencode's own.
    const ours = settings.filter((setting) => setting.path[0] !== '$schema')
    return { changes: [{ kind: 'edit', path, format: 'jsonc', settings: ours }], notes: [] }
  },
}

function folder({ configHome }: AgentPlace): string {
  return join(configHome, 'kilo')
}

function paths(place: AgentPlace): readonly [string, string] {
  return [join(folder(place), 'kilo.jsonc'), join(folder(place), 'kilo.json')]
}
