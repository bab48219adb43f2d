import { chatCodec } from '../../dialects/chat-completions/codec.ts'
import { readChatFacts } from '../../dialects/chat-completions/read-facts.ts'
import type { RouteGroup } from '../route-registry.ts'
import { readModelOfPath, requireChatFields, withModel } from './chat-request.ts'
import { createLlmHandler, type LlmApi, type LlmDependencies } from './llm-handler.ts'

/** Chat completions under every path that clients use; `/v1/v1` is what a base URL with one `/v1` too many makes of it. */
export function chatRoutes(dependencies: LlmDependencies): RouteGroup {
  const handler = createLlmHandler(dependencies, chatApi)
  const paths = [
    '/v1/chat/completions',
    '/chat/completions',
    '/v1/v1/chat/completions',
    '/engines/:model/chat/completions',
    '/v1/engines/:model/chat/completions',
    '/openai/deployments/:model/chat/completions',
  ]
  return paths.map((path) => ({ methods: ['POST'], path, access: 'llm', handler }))
}

const chatApi: LlmApi = {
  codec: chatCodec,
  readFacts: (body, bodyBytes, headers) => readChatFacts(body, bodyBytes, headers),
  readUrl: readModelOfPath,
  prepareBody: (body, url) => {
    const named = url.model === undefined ? body : withModel(body, url.model)
    requireChatFields(named.json)
    return named
  },
  dialectHeaders: () => ({}),
}
