import type { StreamIdentity } from '../codec.ts'
import { sentEvents } from '../sent-events.ts'

/** What the chunks of a Gemini stream repeat. */
export function readGeminiIdentity(sent: Buffer): StreamIdentity {
  const [first] = sentEvents(sent)
  return {
    ...(typeof first?.responseId === 'string' ? { id: first.responseId } : {}),
    ...(typeof first?.modelVersion === 'string' ? { model: first.modelVersion } : {}),
  }
}
