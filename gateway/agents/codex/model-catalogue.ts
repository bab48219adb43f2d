import type { AgentModel } from '../../contract/agents.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { part } from '../free-id.ts'
import { limitsOf } from '../model-text.ts'

/**
 * The catalogue Codex reads in place of its own. `base_instructions` replaces Codex's system prompt, so the text comes
 * from the installed Codex itself; without it there is no catalogue.
 * @param answer what `codex debug models` printed
 */
export function codexCatalogue(models: readonly AgentModel[], answer: string | undefined): string | undefined {
  const own = readOwnModels(answer)
  const instructions = own.map((model) => model['base_instructions']).find((text) => typeof text === 'string')
  if (instructions === undefined || instructions === null) return undefined
  const entries = models.map((model, index) => catalogueEntry(model, index, instructions))
  return `${JSON.stringify({ models: entries }, undefined, 2)}\n`
}

function readOwnModels(answer: string | undefined): readonly JsonObject[] {
  try {
    const models = part(JSON.parse(answer ?? '') as JsonValue, 'models')
    return Array.isArray(models) ? models.filter(isJsonObject) : []
  } catch {
    return []
  }
}

function catalogueEntry(model: AgentModel, index: number, instructions: JsonValue): JsonObject {
  const limits = limitsOf(model)
  const efforts = model.efforts.filter((effort) => codexEfforts.has(effort))
  const defaultEffort = efforts.includes('medium') ? 'medium' : efforts.at(-1)
  return {
    slug: model.name,
    display_name: model.name,
    supported_reasoning_levels: efforts.map((effort) => ({ effort, description: effort })),
    ...(defaultEffort === undefined ? {} : { default_reasoning_level: defaultEffort }),
    shell_type: 'shell_command',
    visibility: 'list',
    supported_in_api: true,
    priority: index,
    base_instructions: instructions,
    support_verbosity: false,
    truncation_policy: { mode: 'bytes', limit: 10_000 },
    experimental_supported_tools: [],
    supports_parallel_tool_calls: model.tools,
    input_modalities: model.input.filter((modality) => modality === 'text' || modality === 'image'),
    ...(limits === undefined ? {} : { context_window: limits.context, max_context_window: limits.context }),
  }
}

const codexEfforts: ReadonlySet<string> = new Set(['minimal', 'low', 'medium', 'high', 'xhigh'])
