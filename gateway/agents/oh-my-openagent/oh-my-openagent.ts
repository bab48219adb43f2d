import { join } from 'node:path'
import { categoryNames, roleNames } from '../../contract/role-names.ts'
import type { Agent, AgentPlace, ExportFacts, Setting } from '../agent.ts'
import { seesImages } from '../model-text.ts'
import { fileToWrite, opencode, opencodeFiles, providerId } from '../opencode/opencode.ts'

/** Whoever only looks something up or writes something short does with the small model. */
const small: ReadonlySet<string> = new Set(['librarian', 'explore', 'quick', 'unspecified-low', 'writing'])

/**
 * oh-my-openagent: a model for each of its agents and categories, in opencode's provider. The gateway's own table decides
 * (`signalbox.roles`, `signalbox.categories`); what it does not name gets the export's model or small model.
 */
export const ohMyOpenagent: Agent = {
  id: 'oh-my-openagent',
  name: 'oh-my-openagent',
  after: opencode.id,
  isKeyless: true,
  signs: (place) => [join(place.home, '.omo')],
  files: (place) => [...omoFiles(place), ...opencode.files(place)],
  plan(current, facts) {
    const path = fileToWrite(omoFiles(facts.place), current)
    return {
      changes: [
        {
          kind: 'edit',
          path,
          format: 'jsonc',
          settings: settingsOf(facts, providerId(current, opencodeFiles(facts.place), facts)),
        },
      ],
      notes: [
        'It speaks through opencode and with opencode’s key. Have the plugin in opencode’s file: "plugin": ["oh-my-openagent"].',
        'It starts many agents at once: `max_parallel_requests` and `signalbox.queue_ms` make them wait for each other.',
      ],
    }
  },
}

/** The plugin's file. It rewrites it and keeps `_migrations` there, which is not ours. */
function omoFiles({ home }: AgentPlace): readonly [string, string] {
  return [join(home, '.omo', 'omo.jsonc'), join(home, '.omo', 'omo.json')]
}

function settingsOf(facts: ExportFacts, provider: string): Setting[] {
  const named = (prefix: string) =>
    facts.models
      .map(({ name }) => name)
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
  const set = (block: string, prefix: string, name: string): Setting => ({
    path: ['[opencode]', block, name, 'model'],
    value: `${provider}/${modelFor(facts, prefix, name)}`,
  })
  return [
    ...[...new Set([...roleNames, ...named('role/')])].map((name) => set('agents', 'role/', name)),
    ...[...new Set([...categoryNames, ...named('category/')])].map((name) => set('categories', 'category/', name)),
  ]
}

function modelFor({ models, model, smallModel }: ExportFacts, prefix: string, name: string): string {
  const own = models.find((candidate) => candidate.name === prefix + name)
  if (own !== undefined) return own.name
  if (small.has(name)) return smallModel.name
  if (name === 'multimodal-looker' && !seesImages(model)) return models.find(seesImages)?.name ?? model.name
  return model.name
}
