import { join } from 'node:path'
import type { AgentModel } from '../../contract/agents.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Agent, AgentPlace, ExportFacts, PlaceStep } from '../agent.ts'
import { limitsOf, patienceMs } from '../model-text.ts'
import { keyVariable } from '../own-files.ts'

/** Qwen Code: every model in its list of OpenAI-compatible ones, the key in its own file of variables. */
export const qwenCode: Agent = {
  id: 'qwen-code',
  name: 'Qwen Code',
  signs: (place) => [folder(place), 'qwen'],
  files: (place) => [settings(place), variables(place)],
  plan: (_current, facts) => ({
    changes: [
      {
        kind: 'edit',
        path: settings(facts.place),
        format: 'jsonc',
        settings: [
          { path: ['security', 'auth', 'selectedType'], value: 'openai' },
          { path: ['model', 'name'], value: facts.model.name },
          ...facts.models.map((model) => ({
            path: ['modelProviders', 'openai', itemOf(model, facts)],
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
    notes: ['Qwen Code has one model for all it does; /model in it shows every one of the gateway.'],
  }),
}

function folder({ home }: AgentPlace): string {
  return join(home, '.qwen')
}

function settings(place: AgentPlace): string {
  return join(folder(place), 'settings.json')
}

function variables(place: AgentPlace): string {
  return join(folder(place), '.env')
}

/** Somebody else's model of the same name has another address, and stays. */
function itemOf({ name }: AgentModel, { url }: ExportFacts): PlaceStep {
  return { field: 'id', value: name, beside: { field: 'baseUrl', value: `${url}/v1` } }
}

function modelBlock(model: AgentModel, { url }: ExportFacts): JsonObject {
  const limits = limitsOf(model)
  return {
    id: model.name,
    name: model.name,
    envKey: keyVariable,
    baseUrl: `${url}/v1`,
    generationConfig: {
      timeout: patienceMs,
      ...(limits === undefined
        ? {}
        : { contextWindowSize: limits.context, samplingParams: { max_tokens: limits.output } }),
    },
  }
}
