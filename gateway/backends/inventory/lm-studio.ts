import type { ModelCapability } from '../../config/gateway-config.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { objectOf, objectsIn, sizeIn, textIn } from '../probe/probe-answer.ts'
import { type BackendModel, type Inventory, type InventoryQuestions, withoutList } from './inventory.ts'
import { readOpenAiList } from './openai-list.ts'

const whichApi = 'api'

/**
 * LM Studio: `/api/v1/models` of 0.4 and later, `/api/v0/models` of 0.3.6 and later, else the plain list. Each unknown path
 * is an error line in its log, so what a version has is asked once and remembered.
 */
export async function readLmStudio(questions: InventoryQuestions): Promise<Inventory> {
  const known = questions.memory.get(whichApi)
  if (known === undefined || known === 'v1') {
    const answer = await questions.need('/api/v1/models')
    if (answer.status === 401 || answer.status === 403) return withoutList(answer)
    const list = objectOf(answer)
    if (Array.isArray(list?.models)) {
      questions.memory.set(whichApi, 'v1')
      return { state: 'up', busy: false, models: objectsIn(list.models).flatMap(newModel) }
    }
  }
  if (known !== 'plain') {
    const list = objectOf(await questions.need('/api/v0/models'))
    if (Array.isArray(list?.data)) {
      questions.memory.set(whichApi, 'v0')
      return { state: 'up', busy: false, models: objectsIn(list.data).flatMap(oldModel) }
    }
  }
  questions.memory.set(whichApi, 'plain')
  return readOpenAiList(questions)
}

function newModel(entry: JsonObject): BackendModel[] {
  const id = textIn(entry.key)
  if (id === undefined) return []
  const instances = objectsIn(entry.loaded_instances)
  const configs = instances.flatMap(({ config }) => (isJsonObject(config) ? [config] : []))
  const loadedContext = configs.map((config) => sizeIn(config.context_length)).find((size) => size !== undefined)
  const traits = isJsonObject(entry.capabilities) ? entry.capabilities : {}
  const quantization = isJsonObject(entry.quantization) ? textIn(entry.quantization.name) : textIn(entry.quantization)
  return [
    {
      id,
      capabilities:
        entry.type === 'embedding'
          ? ['embeddings']
          : [
              'chat',
              ...optional('tools', traits.trained_for_tool_use === true),
              ...optional('vision', traits.vision === true),
            ],
      contextWindow: loadedContext ?? sizeIn(entry.max_context_length),
      loadedContext,
      loaded: instances.length > 0,
      sizeBytes: sizeIn(entry.size_bytes),
      quantization,
      parameters: textIn(entry.params_string),
    },
  ]
}

function oldModel(entry: JsonObject): BackendModel[] {
  const id = textIn(entry.id)
  if (id === undefined) return []
  const words = Array.isArray(entry.capabilities) ? entry.capabilities : []
  const loadedContext = sizeIn(entry.loaded_context_length)
  return [
    {
      id,
      capabilities:
        entry.type === 'embeddings'
          ? ['embeddings']
          : ['chat', ...optional('tools', words.includes('tool_use')), ...optional('vision', entry.type === 'vlm')],
      contextWindow: loadedContext ?? sizeIn(entry.max_context_length),
      loadedContext,
      loaded: entry.state === 'loaded',
      quantization: textIn(entry.quantization),
    },
  ]
}

function optional(capability: ModelCapability, holds: boolean): ModelCapability[] {
  return holds ? [capability] : []
}
