import { completionsCodec } from '../../dialects/chat-completions/completions-codec.ts'
import { readChatFacts } from '../../dialects/chat-completions/read-facts.ts'
import { GatewayError } from '../../model/errors.ts'
import type { RouteGroup } from '../route-registry.ts'
import { readModelOfPath, requireStreamFlag, withModel } from './chat-request.ts'
import { createLlmHandler, type LlmApi, type LlmDependencies } from './llm-handler.ts'

/** OpenAI's legacy completions: one prompt, answered by a chat model of any provider. */
export function completionsRoutes(dependencies: LlmDependencies): RouteGroup {
  const handler = createLlmHandler(dependencies, completionsApi)
  const paths = [
    '/v1/completions',
    '/completions',
    '/v1/v1/completions',
    '/engines/:model/completions',
    '/v1/engines/:model/completions',
    '/openai/deployments/:model/completions',
  ]
  return paths.map((path) => ({ methods: ['POST'], path, access: 'llm', handler }))
}

const completionsApi: LlmApi = {
  codec: completionsCodec,
  alwaysTranslated: true,
  readFacts: (body, bodyBytes, headers) => readChatFacts(body, bodyBytes, headers),
  readUrl: readModelOfPath,
  prepareBody: (body, url) => {
    const named = url.model === undefined ? body : withModel(body, url.model)
    requireStreamFlag(named.json)
    const { model, messages, prompt } = named.json
    if (messages !== undefined) {
      throw new GatewayError(
        'invalid_field',
        'Legacy completions take a "prompt". Send "messages" to /v1/chat/completions.',
        { param: 'messages' },
      )
    }
    if (prompt === undefined && model !== undefined) {
      throw new GatewayError('missing_field', 'The request has no prompt; a text is wanted.', { param: 'prompt' })
    }
    return named
  },
  dialectHeaders: () => ({}),
}
