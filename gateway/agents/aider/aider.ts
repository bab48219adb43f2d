import { join } from 'node:path'
import type { AgentModel } from '../../contract/agents.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Agent, AgentPlace } from '../agent.ts'
import { inputBesideOutput, limitsOf, patienceMs, seesImages } from '../model-text.ts'
import { variableFile } from '../own-files.ts'

/** Aider: its file in the home, limits and prices in its file of models, the key in a file of variables. Made from its documentation and not run. */
export const aider: Agent = {
  id: 'aider',
  name: 'Aider',
  signs: (place) => [config(place), join(place.home, '.aider'), 'aider'],
  files: (place) => [config(place), metadata(place), variables(place)],
  plan: (_current, { place, url, models, model, smallModel, key }) => ({
    changes: [
      {
        kind: 'edit',
        path: config(place),
        format: 'yaml',
        settings: [
          { path: ['openai-api-base'], value: `${url}/v1` },
          { path: ['model'], value: aiderName(model) },
          { path: ['weak-model'], value: aiderName(smallModel) },
          { path: ['editor-model'], value: aiderName(model) },
          { path: ['timeout'], value: patienceMs / 1000 },
          { path: ['env-file'], value: variables(place) },
        ],
      },
      {
        kind: 'edit',
        path: metadata(place),
        format: 'jsonc',
        settings: models.map((one) => ({ path: [aiderName(one)], value: metadataOf(one) })),
      },
      { kind: 'own', path: variables(place), content: variableFile({ OPENAI_API_KEY: key.secret }), secret: true },
    ],
    notes: ['OPENAI_API_KEY of the shell goes before the file: unset it for Aider if it is another one.'],
  }),
}

function config({ home }: AgentPlace): string {
  return join(home, '.aider.conf.yml')
}

function metadata({ home }: AgentPlace): string {
  return join(home, '.aider.model.metadata.json')
}

function variables({ home }: AgentPlace): string {
  return join(home, '.aider.signalbox.env')
}

/** The prefix says which wire to speak and is not sent. */
function aiderName({ name }: AgentModel): string {
  return `openai/${name}`
}

function metadataOf(model: AgentModel): JsonObject {
  const limits = limitsOf(model)
  return {
    litellm_provider: 'openai',
    mode: 'chat',
    supports_vision: seesImages(model),
    supports_function_calling: model.tools,
    ...(limits === undefined
      ? {}
      : {
          max_input_tokens: inputBesideOutput(model) ?? limits.context,
          max_output_tokens: limits.output,
          max_tokens: limits.output,
        }),
    ...(model.cost === null
      ? {}
      : { input_cost_per_token: model.cost.input / 1e6, output_cost_per_token: model.cost.output / 1e6 }),
  }
}
