import type { ModelCapability } from '../../config/gateway-config.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { listEntries } from '../identify/evidence.ts'
import { jsonOf, objectOf, objectsIn, sizeIn, textIn } from '../probe/probe-answer.ts'
import {
  type BackendModel,
  capabilitiesByName,
  type Inventory,
  type InventoryQuestions,
  withoutList,
} from './inventory.ts'

/**
 * llama-server, with one model or as a router (its tools/server/README). `/slots` wakes a sleeping model and the router's
 * `/props` load one, so they are asked only where neither can happen.
 */
export async function readLlamaCpp(questions: InventoryQuestions): Promise<Inventory> {
  const answer = await questions.need('/v1/models')
  const list = jsonOf(answer)
  const entries = listEntries(list)
  if (entries === undefined) return withoutList(answer)
  if (entries.some((entry) => isJsonObject(entry.status))) {
    return { state: 'up', busy: false, models: entries.flatMap((entry) => routerModel(entry)) }
  }
  const propsAnswer = await questions.want('/props')
  if (propsAnswer?.status === 401) return withoutList(propsAnswer)
  const props = objectOf(propsAnswer)
  const awake = props !== undefined && props.is_sleeping !== true
  const slots = awake && props.endpoint_slots === true ? jsonOf(await questions.want('/slots')) : undefined
  const sides = isJsonObject(list) ? objectsIn(list.models) : []
  return {
    state: 'up',
    version: textIn(props?.build_info),
    busy: allBusy(slots),
    models: entries.flatMap((entry, index) => singleModel(entry, sides[index], props)),
  }
}

/** `loading`, `sleeping` and `unloaded` all mean that the first request waits. */
function routerModel(entry: JsonObject): BackendModel[] {
  const id = textIn(entry.id)
  if (id === undefined) return []
  const status = isJsonObject(entry.status) ? textIn(entry.status.value) : undefined
  const meta = isJsonObject(entry.meta) ? entry.meta : {}
  return [
    {
      id,
      capabilities: [...modalities(entry, id)],
      loaded: status === 'loaded',
      contextWindow: sizeIn(meta.n_ctx) ?? sizeIn(meta.n_ctx_train),
      sizeBytes: sizeIn(meta.size),
    },
  ]
}

function singleModel(entry: JsonObject, side: JsonObject | undefined, props: JsonObject | undefined): BackendModel[] {
  const id = textIn(entry.id)
  if (id === undefined) return []
  const meta = isJsonObject(entry.meta) ? entry.meta : {}
  const settings = isJsonObject(props?.default_generation_settings) ? props.default_generation_settings : {}
  // Per slot: what one request may use.
  const context = sizeIn(settings.n_ctx) ?? sizeIn(meta.n_ctx) ?? sizeIn(meta.n_ctx_train)
  return [
    {
      id,
      capabilities: capabilitiesOf(entry, side, props, id),
      contextWindow: context,
      loadedContext: context,
      loaded: props?.is_sleeping !== true,
      sizeBytes: sizeIn(meta.size),
      quantization: textIn(props?.model_ftype) ?? textIn(meta.ftype),
      parameters: parametersOf(meta.n_params),
    },
  ]
}

function capabilitiesOf(
  entry: JsonObject,
  side: JsonObject | undefined,
  props: JsonObject | undefined,
  id: string,
): readonly ModelCapability[] {
  const found = new Set<ModelCapability>(modalities(entry, id))
  const words = Array.isArray(side?.capabilities) ? side.capabilities : []
  if (words.includes('embedding')) return ['embeddings']
  if (words.includes('multimodal')) found.add('vision')
  if (isJsonObject(props?.modalities) && props.modalities.vision === true) found.add('vision')
  const template = isJsonObject(props?.chat_template_caps) ? props.chat_template_caps : {}
  if (template.supports_tools === true || template.supports_tool_calls === true) found.add('tools')
  if (/enable_thinking|<think>|reasoning_content/.test(textIn(props?.chat_template) ?? '')) found.add('thinking')
  return [...found]
}

function modalities(entry: JsonObject, id: string): readonly ModelCapability[] {
  const { architecture } = entry
  const inputs =
    isJsonObject(architecture) && Array.isArray(architecture.input_modalities) ? architecture.input_modalities : []
  const base = capabilitiesByName(id)
  return inputs.includes('image') && base.includes('chat') ? [...base, 'vision'] : base
}

function allBusy(slots: JsonValue | undefined): boolean {
  const list = objectsIn(slots)
  return list.length > 0 && list.every(({ is_processing: processing }) => processing === true)
}

function parametersOf(value: JsonValue | undefined): string | undefined {
  const count = sizeIn(value)
  return count === undefined ? undefined : `${(count / 1e9).toFixed(1)}B`
}
