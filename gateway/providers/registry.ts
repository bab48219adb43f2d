import type { Deployment } from '../config/gateway-config.ts'
import type { UpstreamDispatcher } from '../upstream/dispatch.ts'
import { createAnthropicProvider } from './anthropic/anthropic-provider.ts'
import { createDemoProvider } from './demo/demo-provider.ts'
import { createGeminiProvider } from './gemini/gemini-provider.ts'
import { createOllamaProvider } from './ollama/ollama-provider.ts'
import { createOpenAiCompatibleProvider } from './openai-compatible/openai-compatible-provider.ts'
import { createOpenAiResponsesProvider } from './openai-responses/openai-responses-provider.ts'
import type { Provider } from './provider.ts'

export type ProviderRegistry = Readonly<Record<Deployment['adapter'], Provider>>

/** Every provider by the adapter name that deployments carry. A new provider adds its folder and one line here. */
export function createProviderRegistry(dependencies: {
  readonly upstream: UpstreamDispatcher
  readonly userAgent: string
  readonly readsThinkTags?: () => boolean
}): ProviderRegistry {
  return {
    'openai-compatible': createOpenAiCompatibleProvider(dependencies),
    'openai-responses': createOpenAiResponsesProvider(dependencies),
    anthropic: createAnthropicProvider(dependencies),
    gemini: createGeminiProvider(dependencies),
    ollama: createOllamaProvider(dependencies),
    demo: createDemoProvider(),
  }
}
