import type { WriteContext } from '../../../../gateway/dialects/codec.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'

/** The context of an answer to a request of which only a few wishes matter. */
export function writeContext(request: Partial<ModelRequest> = {}): WriteContext {
  return {
    callId: 'call-1',
    model: 'router-auto',
    createdAt: 1_795_132_800,
    request: {
      dialect: 'chat-completions',
      stream: true,
      turns: [],
      tools: [],
      extensions: {},
      warnings: [],
      ...request,
    },
  }
}
