import { join } from 'node:path'
import type { AgentModel } from '../../contract/agents.ts'
import type { JsonObject } from '../../model/json.ts'
import { type Agent, type AgentPlace, type ExportFacts, ourName, type Setting } from '../agent.ts'
import { limitsOf, patienceMs, seesImages } from '../model-text.ts'
import { keyExport, keyVariable } from '../own-files.ts'

/** Continue: one entry for each model, for its IDE extensions and its CLI. */
export const continueDev: Agent = {
  id: 'continue',
  name: 'Continue',
  signs: (place) => [folder(place), 'cn'],
  files: (place) => [config(place), variables(place)],
  plan(current, facts) {
    const path = config(facts.place)
    // The chosen model first: Continue takes the first one of a role.
    const models = [facts.model, ...facts.models.filter((model) => model !== facts.model)]
    return {
      changes: [
        {
          kind: 'edit',
          path,
          format: 'yaml',
          settings: [
            ...(current.has(path) ? [] : header),
            ...models.map((model) => ({
              path: ['models', { field: 'name', value: label(model) }],
              value: modelBlock(model, facts),
            })),
          ],
        },
        {
          kind: 'edit',
          path: variables(facts.place),
          format: 'dotenv',
          secret: true,
          settings: [{ path: [keyVariable], value: facts.key.secret }],
        },
      ],
      notes: [`The IDE reads ${variables(facts.place)}; for the CLI: ${keyExport(facts)}`],
    }
  },
}

const header: readonly Setting[] = [
  { path: ['name'], value: ourName },
  { path: ['version'], value: '1.0.0' },
  { path: ['schema'], value: 'v1' },
]

function folder({ home, environment }: AgentPlace): string {
  return environment['CONTINUE_GLOBAL_DIR'] ?? join(home, '.continue')
}

function config(place: AgentPlace): string {
  return join(folder(place), 'config.yaml')
}

function variables(place: AgentPlace): string {
  return join(folder(place), '.env')
}

function label({ name }: AgentModel): string {
  return `${ourName} ${name}`
}

function modelBlock(model: AgentModel, { url }: ExportFacts): JsonObject {
  const limits = limitsOf(model)
  return {
    name: label(model),
    provider: 'openai',
    model: model.name,
    apiBase: `${url}/v1`,
    apiKey: `\${{ secrets.${keyVariable} }}`,
    roles: ['chat', 'edit', 'apply', 'summarize'],
    capabilities: [...(model.tools ? ['tool_use'] : []), ...(seesImages(model) ? ['image_input'] : [])],
    requestOptions: { timeout: patienceMs },
    ...(limits === undefined
      ? {}
      : { defaultCompletionOptions: { contextLength: limits.context, maxTokens: limits.output } }),
  }
}
