import { join } from 'node:path'
import { type Agent, type AgentPlace, type CurrentFiles, type ExportFacts, ourId, ourName } from '../agent.ts'
import { freeId, part } from '../free-id.ts'
import { limitsOf, patienceMs } from '../model-text.ts'
import { keyVariable, roaming } from '../own-files.ts'
import { readContent } from '../read-content.ts'

/** Goose: a provider of its own in a file of ours. Made from its sources and documentation and not run. */
export const goose: Agent = {
  id: 'goose',
  name: 'Goose',
  signs: (place) => [folder(place), 'goose'],
  files: (place) => [...ids.map((id) => provider(place, id)), config(place)],
  plan(current, facts) {
    const id = idIn(current, facts)
    const path = provider(facts.place, id)
    return {
      changes: [
        { kind: 'own', path, content: providerText(facts, id), secret: true },
        {
          kind: 'edit',
          path: config(facts.place),
          format: 'yaml',
          settings: [
            { path: ['GOOSE_PROVIDER'], value: id },
            { path: ['GOOSE_MODEL'], value: facts.model.name },
          ],
        },
      ],
      notes: [
        `The key lies in ${path} as a header: Goose takes no file or command. A Goose that asks for ${keyVariable} all the same gets it from \`goose configure\`.`,
      ],
    }
  },
}

const ids = [ourId, `${ourId}-2`]

/** A file of somebody else's under our name stays. */
function idIn(current: CurrentFiles, { place, url }: ExportFacts): string {
  const found = ids.filter((id) => current.has(provider(place, id)))
  const known = Object.fromEntries(found.map((id) => [id, readContent(current, provider(place, id), 'jsonc')]))
  return freeId(known, url, (other) => part(other, 'base_url'))
}

function folder({ home, configHome, platform, environment }: AgentPlace): string {
  return platform === 'win32' ? join(roaming(home, environment), 'Block', 'goose', 'config') : join(configHome, 'goose')
}

function provider(place: AgentPlace, id: string): string {
  return join(folder(place), 'custom_providers', `${id}.json`)
}

function config(place: AgentPlace): string {
  return join(folder(place), 'config.yaml')
}

function providerText({ url, models, key }: ExportFacts, id: string): string {
  const content = {
    name: id,
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
