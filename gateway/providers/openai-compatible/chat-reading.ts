import type { FlatToolNames } from '../../model/flatten-tools.ts'
import type { ChatReading } from '../chat-wire/chat-reader.ts'
import type { ModelCall } from '../provider.ts'
import { unwrapCustomInput } from './custom-tools.ts'
import { quirksOf } from './quirks.ts'

/** What reading the answer to one call needs to know of its request. */
export function chatReadingOf(
  { deployment, request, scope }: ModelCall,
  names: FlatToolNames,
  readsThinkTags: boolean,
): ChatReading {
  const freeform = request.tools.filter((tool) => tool.type === 'custom').map((tool) => names.flat(tool))
  const wrapped = new Set(quirksOf(deployment).customTools ? [] : freeform)
  return {
    upstream: deployment,
    names,
    scope,
    readsThinkTags,
    isWrapped: (wireName) => wrapped.has(wireName),
    unwrap: unwrapCustomInput,
  }
}
