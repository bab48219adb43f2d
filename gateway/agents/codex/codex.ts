import { join } from 'node:path'
import type { JsonObject } from '../../model/json.ts'
import type { Agent, AgentPlace, CurrentFiles, ExportFacts, Setting } from '../agent.ts'
import { ourId, ourName } from '../agent.ts'
import { readFileArguments } from '../key-command.ts'
import { limitsOf, patienceMs } from '../model-text.ts'
import { codexCatalogue } from './model-catalogue.ts'

/** Codex: a profile of its own beside the user's config, so that the usual login stays; and a catalogue of models. */
export const codex: Agent = {
  id: 'codex',
  name: 'Codex',
  signs: (place) => [folder(place), 'codex'],
  files: (place) => [profileFile(place), catalogueFile(place), join(folder(place), 'config.toml')],
  question: ['codex', 'debug', 'models'],
  plan(current, facts) {
    const catalogue = codexCatalogue(facts.models, facts.answer)
    const path = catalogueFile(facts.place)
    const settings = settingsOf(facts, catalogue === undefined ? undefined : path)
    return {
      changes: [
        { kind: 'edit', path: profileFile(facts.place), format: 'toml', settings },
        ...(catalogue === undefined ? [] : [{ kind: 'own', path, content: catalogue } as const]),
      ],
      notes: notesOf(current, facts, catalogue !== undefined),
    }
  },
}

function folder({ home, environment }: AgentPlace): string {
  return environment['CODEX_HOME'] ?? join(home, '.codex')
}

function profileFile(place: AgentPlace): string {
  return join(folder(place), `${ourId}.config.toml`)
}

function catalogueFile(place: AgentPlace): string {
  return join(folder(place), `${ourId}-models.json`)
}

function settingsOf(facts: ExportFacts, catalogue: string | undefined): Setting[] {
  const limits = limitsOf(facts.model)
  return [
    { path: ['model'], value: facts.model.name },
    { path: ['model_provider'], value: ourId },
    ...(catalogue === undefined ? [] : [{ path: ['model_catalog_json'], value: catalogue }]),
    ...(limits === undefined
      ? []
      : [
          { path: ['model_context_window'], value: limits.context },
          // Codex compacts when so much is used: nine tenths leave room for the summary.
          { path: ['model_auto_compact_token_limit'], value: Math.floor(limits.context * 0.9) },
        ]),
    { path: ['model_providers', ourId], value: provider(facts) },
  ]
}

function provider(facts: ExportFacts): JsonObject {
  const { command, args } = readFileArguments(facts)
  return {
    // Never "OpenAI": that name switches on what only OpenAI has.
    name: ourName,
    base_url: `${facts.url}/v1`,
    wire_api: 'responses',
    stream_idle_timeout_ms: patienceMs,
    auth: { command, args: [...args] },
  }
}

function notesOf(current: CurrentFiles, { place }: ExportFacts, hasCatalogue: boolean): string[] {
  const config = current.get(join(folder(place), 'config.toml')) ?? ''
  const clash = /^[ \t]*(?:\[profiles\b|profile[ \t]*=)/mu.test(config)
  return [
    `Start it with \`codex --profile ${ourId}\` (\`codex exec --profile ${ourId} …\`): your own setup stays as it is without it.`,
    ...(clash
      ? [
          'Your config.toml has `profile =` or `[profiles…]`: Codex refuses --profile beside these. Take them out first.',
        ]
      : []),
    ...(hasCatalogue
      ? []
      : [
          'Codex did not print its own list (`codex debug models`), so there is no model catalogue: it warns of fallback metadata and works.',
        ]),
    'A Codex server that still runs keeps its old settings: end it (`codex app-server`), or log out and in.',
  ]
}
