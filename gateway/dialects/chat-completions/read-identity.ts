import type { StreamIdentity } from '../codec.ts'
import { sentEvents } from '../sent-events.ts'

/** What every chunk of a chat completion stream repeats: id, time and model of the first one. */
export function readChatIdentity(sent: Buffer): StreamIdentity {
  const [first] = sentEvents(sent)
  return {
    ...(typeof first?.id === 'string' ? { id: first.id } : {}),
    ...(typeof first?.model === 'string' ? { model: first.model } : {}),
    ...(typeof first?.created === 'number' ? { createdAt: first.created } : {}),
  }
}
