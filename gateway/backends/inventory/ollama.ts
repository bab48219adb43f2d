import type { ModelCapability } from '../../config/gateway-config.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { objectOf, objectsIn, sizeIn, textIn } from '../probe/probe-answer.ts'
import { type BackendModel, type Inventory, type InventoryQuestions, withoutList } from './inventory.ts'

const capabilityWords: Readonly<Record<string, ModelCapability>> = {
  completion: 'chat',
  tools: 'tools',
  vision: 'vision',
  embedding: 'embeddings',
  thinking: 'thinking',
}

/** Ollama: the list, what is loaded, and for each new model its details (docs.ollama.com/api). */
export async function readOllama(questions: InventoryQuestions): Promise<Inventory> {
  const [tags, loaded, version] = await Promise.all([
    questions.need('/api/tags'),
    questions.want('/api/ps'),
    questions.want('/api/version'),
  ])
  const versionText = textIn(objectOf(version)?.version)
  const list = objectOf(tags)
  if (list === undefined) return withoutList(tags, versionText)
  const running = new Map(
    objectsIn(objectOf(loaded)?.models).map((entry) => [textIn(entry.name) ?? textIn(entry.model) ?? '', entry]),
  )
  const models: BackendModel[] = []
  for (const entry of objectsIn(list.models)) {
    const id = textIn(entry.name) ?? textIn(entry.model)
    if (id === undefined) continue
    const details = isCloud(entry) ? undefined : await detailsOf(id, entry, questions)
    models.push(describe(id, entry, details, running.get(id)))
  }
  return { state: 'up', version: versionText, busy: false, models }
}

/** Ollama lists models of its cloud like its own; these two fields tell them apart. */
function isCloud(entry: JsonObject): boolean {
  return textIn(entry.remote_host) !== undefined || textIn(entry.remote_model) !== undefined
}

/** `/api/show` reads the whole manifest: asked once per digest. */
async function detailsOf(
  id: string,
  entry: JsonObject,
  questions: InventoryQuestions,
): Promise<JsonObject | undefined> {
  const key = `${id} ${textIn(entry.digest) ?? ''}`
  const known = questions.memory.get(key)
  if (isJsonObject(known)) return known
  const details = objectOf(await questions.want('/api/show', { model: id }))
  if (details === undefined) return undefined
  // Only what is read later is kept: templates and licences are long.
  const kept = { capabilities: details.capabilities ?? null, model_info: contextOnly(details.model_info) }
  questions.memory.set(key, kept)
  return kept
}

function contextOnly(info: JsonObject[string] | undefined): JsonObject {
  if (!isJsonObject(info)) return {}
  return Object.fromEntries(Object.entries(info).filter(([name]) => name.endsWith('.context_length')))
}

function describe(
  id: string,
  entry: JsonObject,
  details: JsonObject | undefined,
  running: JsonObject | undefined,
): BackendModel {
  const family = isJsonObject(entry.details) ? entry.details : {}
  const info = isJsonObject(details?.model_info) ? details.model_info : {}
  const trained = Object.values(info)
    .map(sizeIn)
    .find((size) => size !== undefined)
  const loadedContext = sizeIn(running?.context_length)
  return {
    id,
    capabilities: capabilitiesOf(details),
    contextWindow: trained ?? loadedContext,
    loadedContext,
    loaded: running !== undefined,
    sizeBytes: sizeIn(entry.size),
    quantization: textIn(family.quantization_level),
    parameters: textIn(family.parameter_size),
    ...(isCloud(entry) ? { cloud: true } : {}),
  }
}

function capabilitiesOf(details: JsonObject | undefined): readonly ModelCapability[] | undefined {
  if (!Array.isArray(details?.capabilities)) return undefined
  return details.capabilities.flatMap((word) => {
    const capability =
      typeof word === 'string' && Object.hasOwn(capabilityWords, word) ? capabilityWords[word] : undefined
    return capability === undefined ? [] : [capability]
  })
}
