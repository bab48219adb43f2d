import type { AgentModel } from '../../contract/agents.ts'
import type { JsonObject } from '../../model/json.ts'
import { ourName, type ExportFacts } from '../agent.ts'
import { limitsOf, patienceMs, seesImages } from '../model-text.ts'

/**
 * `provider.<id>` of opencode 1, which opencode 2 reads too. `npm` is written out: opencode 2 has no default for it.
 * @param apiKey a reference to the key in the words of the agent
 */
export function providerBlock({ url, models }: ExportFacts, apiKey: string): JsonObject {
  return {
    npm: '@ai-sdk/openai-compatible',
    name: ourName,
    options: { baseURL: `${url}/v1`, apiKey, timeout: patienceMs },
    models: Object.fromEntries(models.map((model) => [model.name, modelBlock(model)])),
  }
}

function modelBlock(model: AgentModel): JsonObject {
  const limits = limitsOf(model)
  return {
    name: model.name,
    ...(limits === undefined ? {} : { limit: { ...limits } }),
    tool_call: model.tools,
    reasoning: model.reasoning,
    attachment: seesImages(model),
    modalities: { input: [...model.input], output: ['text'] },
    ...(model.cost === null ? {} : { cost: costBlock(model.cost) }),
  }
}

function costBlock({ input, output, cacheRead, cacheWrite }: NonNullable<AgentModel['cost']>): JsonObject {
  return { input, output, cache_read: cacheRead, cache_write: cacheWrite }
}

/** `providers.<id>` of opencode 2. Where a file has one it wins over the other shape as a whole. */
export function nativeBlock({ url, models }: ExportFacts, apiKey: string): JsonObject {
  return {
    package: 'aisdk:@ai-sdk/openai-compatible',
    name: ourName,
    settings: { baseURL: `${url}/v1`, apiKey },
    models: Object.fromEntries(models.map((model) => [model.name, nativeModel(model)])),
  }
}

function nativeModel(model: AgentModel): JsonObject {
  const limits = limitsOf(model)
  const { cost } = model
  return {
    name: model.name,
    ...(limits === undefined ? {} : { limit: { ...limits } }),
    capabilities: { tools: model.tools, input: [...model.input], output: ['text'] },
    ...(cost === null
      ? {}
      : {
          cost: [{ input: cost.input, output: cost.output, cache: { read: cost.cacheRead, write: cost.cacheWrite } }],
        }),
  }
}
