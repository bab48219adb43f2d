import { isJsonObject } from '../../model/json.ts'
import type { StreamIdentity } from '../codec.ts'
import { sentEvents } from '../sent-events.ts'

/** What later events of a Responses stream repeat: the response's own names, the ids of its items, the count of its events. */
export function readResponsesIdentity(sent: Buffer): StreamIdentity {
  const itemIds: string[] = []
  let nextSequence = 0
  let named: Pick<StreamIdentity, 'id' | 'model' | 'createdAt'> = {}
  for (const { response, item, output_index: place, sequence_number: sequence } of sentEvents(sent)) {
    if (typeof sequence === 'number') nextSequence = sequence + 1
    if (isJsonObject(item) && typeof place === 'number' && typeof item.id === 'string') itemIds[place] ??= item.id
    if (isJsonObject(response) && typeof response.id === 'string') {
      named = {
        id: response.id,
        ...(typeof response.model === 'string' ? { model: response.model } : {}),
        ...(typeof response.created_at === 'number' ? { createdAt: response.created_at } : {}),
      }
    }
  }
  return { ...named, itemIds, nextSequence }
}
