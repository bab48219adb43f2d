import { isJsonObject } from '../../model/json.ts'
import { jsonOf, objectOf, objectsIn, sizeIn, textIn } from '../probe/probe-answer.ts'
import {
  type BackendModel,
  capabilitiesByName,
  type Inventory,
  type InventoryQuestions,
  withoutList,
} from './inventory.ts'
import { gaugeSum } from './metrics.ts'
import { readOpenAiList } from './openai-list.ts'

/** vLLM: what it serves is always loaded. Requests that wait mean that it is occupied. */
export async function readVllm(questions: InventoryQuestions): Promise<Inventory> {
  const inventory = await readOpenAiList(questions, '/v1/models', () => ({ loaded: true }))
  const version = textIn(objectOf(await questions.want('/version'))?.version)
  if (inventory.state !== 'up') return { ...inventory, version }
  const metrics = await questions.want('/metrics')
  const waiting = gaugeSum(metrics?.text ?? '', 'vllm:num_requests_waiting')
  return { ...inventory, version, busy: (waiting ?? 0) > 0 }
}

/** NIM: vLLM's API behind a door that is open before the model is there. */
export async function readNim(questions: InventoryQuestions): Promise<Inventory> {
  const ready = await questions.want('/v1/health/ready')
  const version = textIn(objectOf(await questions.want('/v1/version'))?.release)
  if (ready !== undefined && ready.status >= 500) {
    return { state: 'starting', problem: 'is loading its model', version, busy: false, models: [] }
  }
  return { ...(await readOpenAiList(questions, '/v1/models', () => ({ loaded: true }))), version }
}

/** SGLang. Its `/health` generates a token: the model's own description tells that it lives. */
export async function readSglang(questions: InventoryQuestions): Promise<Inventory> {
  const info = objectOf(await questions.want('/model_info'))
  const server = objectOf(await questions.want('/server_info'))
  const context = sizeIn(server?.context_length) ?? sizeIn(server?.max_total_num_tokens)
  const isEmbedding = info?.is_generation === false
  const inventory = await readOpenAiList(questions, '/v1/models', (entry) => ({
    loaded: true,
    contextWindow: sizeIn(entry.max_model_len) ?? context,
    capabilities: isEmbedding ? ['embeddings'] : info?.has_image_understanding === true ? ['chat', 'vision'] : ['chat'],
  }))
  const loads = jsonOf(await questions.want('/v1/loads'))
  const ranks = isJsonObject(loads) ? objectsIn(loads.loads) : objectsIn(loads)
  const waiting = ranks.reduce((sum, rank) => sum + (sizeIn(rank.num_waiting_reqs) ?? 0), 0)
  return { ...inventory, version: textIn(server?.version), busy: waiting > 0 }
}

/** TGI: one model, described by `/info`. */
export async function readTgi(questions: InventoryQuestions): Promise<Inventory> {
  const answer = await questions.need('/info')
  const info = objectOf(answer)
  const id = textIn(info?.model_id)
  if (info === undefined || id === undefined) return withoutList(answer)
  const health = await questions.want('/health')
  const queue = gaugeSum((await questions.want('/metrics'))?.text ?? '', 'tgi_queue_size')
  const model: BackendModel = {
    id,
    capabilities: capabilitiesByName(id),
    contextWindow: sizeIn(info.max_total_tokens),
    loaded: health?.status !== 503,
    quantization: textIn(info.model_dtype),
  }
  const version = textIn(info.version)
  if (health?.status === 503)
    return { state: 'starting', problem: 'is loading its model', version, busy: false, models: [] }
  return { state: 'up', version, busy: (queue ?? 0) > 0, models: [model] }
}

/** LocalAI: models are loaded at their first request; it does not tell which are. */
export async function readLocalAi(questions: InventoryQuestions): Promise<Inventory> {
  const inventory = await readOpenAiList(questions)
  return { ...inventory, version: textIn(objectOf(await questions.want('/version'))?.version) }
}

/** KoboldCpp: one model, one generation at a time. */
export async function readKoboldCpp(questions: InventoryQuestions): Promise<Inventory> {
  const about = objectOf(await questions.want('/api/extra/version'))
  const context = sizeIn(objectOf(await questions.want('/api/extra/true_max_context_length'))?.value)
  const performance = objectOf(await questions.want('/api/extra/perf'))
  const inventory = await readOpenAiList(questions, '/v1/models', () => ({
    loaded: true,
    contextWindow: context,
    capabilities: about?.vision === true ? ['chat', 'vision'] : ['chat'],
  }))
  return { ...inventory, version: textIn(about?.version), busy: performance?.idle === 0 }
}

/** Docker Model Runner: what was pulled. Which models are loaded is in `/engines/ps`, whose shape is not known here. */
export function readDocker(questions: InventoryQuestions): Promise<Inventory> {
  return readOpenAiList(questions, '/engines/v1/models')
}

/** llama-swap: what is configured, and what of it runs. `cmd` may hold keys and is not read. */
export async function readLlamaSwap(questions: InventoryQuestions): Promise<Inventory> {
  const answer = await questions.want('/running')
  if (answer?.status === 401) return withoutList(answer)
  const running = objectsIn(objectOf(answer)?.running)
  const states = new Map(running.map(({ model, state }) => [textIn(model), textIn(state)]))
  const inventory = await readOpenAiList(questions, '/v1/models', (entry) => ({
    loaded: states.get(textIn(entry.id)) === 'ready',
  }))
  return { ...inventory, children: running.flatMap(({ proxy }) => hostOf(textIn(proxy))) }
}

function hostOf(url: string | undefined): string[] {
  return url !== undefined && URL.canParse(url) ? [new URL(url).host] : []
}

/** TabbyAPI: the list is the whole folder, `/v1/model` is what is loaded. */
export async function readTabbyApi(questions: InventoryQuestions): Promise<Inventory> {
  const loaded = objectOf(await questions.want('/v1/model'))
  const parameters = isJsonObject(loaded?.parameters) ? loaded.parameters : {}
  return readOpenAiList(questions, '/v1/models', (entry) => {
    const isLoaded = loaded !== undefined && textIn(entry.id) === textIn(loaded.id)
    return { loaded: isLoaded, ...(isLoaded ? { contextWindow: sizeIn(parameters.max_seq_len) } : {}) }
  })
}

/** Jan: running sessions only. `remote` ones are hosted elsewhere. */
export function readJan(questions: InventoryQuestions): Promise<Inventory> {
  return readOpenAiList(questions, '/v1/models', (entry) =>
    entry.owned_by === 'remote' ? { cloud: true } : { loaded: true },
  )
}
