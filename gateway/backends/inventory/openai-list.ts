import type { JsonObject } from '../../model/json.ts'
import { listEntries } from '../identify/evidence.ts'
import { jsonOf, sizeIn, textIn } from '../probe/probe-answer.ts'
import {
  type BackendModel,
  capabilitiesByName,
  type Inventory,
  type InventoryQuestions,
  withoutList,
} from './inventory.ts'

/** The OpenAI list of models: names, and the context where the server tells it (vLLM and its kin). */
export async function readOpenAiList(
  questions: InventoryQuestions,
  path = '/v1/models',
  more: (entry: JsonObject) => Partial<BackendModel> = () => ({}),
): Promise<Inventory> {
  const answer = await questions.need(path)
  const entries = listEntries(jsonOf(answer))
  if (entries === undefined) return withoutList(answer)
  const models = entries.flatMap((entry): BackendModel[] => {
    const id = textIn(entry.id)
    if (id === undefined) return []
    const context = sizeIn(entry.max_model_len) ?? sizeIn(entry.context_length)
    return [{ id, capabilities: capabilitiesByName(id), contextWindow: context, ...more(entry) }]
  })
  return { state: 'up', busy: false, models }
}
