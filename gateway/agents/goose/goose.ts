import { join } from 'node:path'
import { type Agent, type AgentPlace, type ExportFacts, ourId, ourName } from '../agent.ts'
import { limitsOf, patienceMs } from '../model-text.ts'
import { keyVariable, roaming } from '../own-files.ts'

/** Goose: a provider of its own in a file of ours. Made from its sources and documentation and not run. */
export const goose: Agent = {
  id: 'goose',
  name: 'Goose',
  signs: (place) => [folder(place), 'goose'],
  files: (place) => [provider(place), config(place)],
  plan: (_current, facts) => ({
    changes: [
      { kind: 'own', path: provider(facts.place), content: providerText(facts), secret: true },
      {
        kind: 'edit',
        path: config(facts.place),
        format: 'yaml',
        settings: [
          { path: ['GOOSE_PROVIDER'], value: ourId },
          { path: ['GOOSE_MODEL'], value: facts.model.name },
        ],
      },
    ],
    notes: [
      `The key lies in ${provider(facts.place)} as a header: Goose takes no file or command. A Goose that asks for ${keyVariable} all the same gets it from \`goose configure\`.`,
    ],
  }),
}

function folder({ home, configHome, platform, environment }: AgentPlace): string {
  return platform === 'win32' ? join(roaming(home, environment), 'Block', 'goose', 'config') : join(configHome, 'goose')
}

function provider(place: AgentPlace): string {
  return join(folder(place), 'custom_providers', `${ourId}.json`)
}

function config(place: AgentPlace): string {
  return join(folder(place), 'config.yaml')
}

function providerText({ url, models, key }: ExportFacts): string {
  const content = {
    name: ourId,
    engine: 'openai',
    display_name: ourName,
    description: 'Every model of the local gateway',
    api_key_env: keyVariable,
    requires_auth: false,
    base_url: url,
    base_path: 'v1/chat/completions',
    headers: { 'x-api-key': key.secret },
    timeout_seconds: patienceMs / 1000,
    supports_streaming: true,
    models: models.map((model) => ({ name: model.name, context_limit: limitsOf(model)?.context ?? 32_000 })),
  }
  return `${JSON.stringify(content, undefined, 2)}\n`
}
