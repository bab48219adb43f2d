import type { Deployment } from '../config/gateway-config.ts'
import type { UpstreamDispatcher } from '../upstream/dispatch.ts'
import { createDemoProvider } from './demo/demo-provider.ts'
import { createOpenAiCompatibleProvider } from './openai-compatible/openai-compatible-provider.ts'
import type { Provider } from './provider.ts'

export type ProviderRegistry = Readonly<Record<Deployment['adapter'], Provider>>

/** Every provider by the adapter name that deployments carry. A new provider adds its folder and one line here. */
export function createProviderRegistry(dependencies: {
  readonly upstream: UpstreamDispatcher
  readonly userAgent: string
}): ProviderRegistry {
  return {
    'openai-compatible': createOpenAiCompatibleProvider(dependencies),
    demo: createDemoProvider(),
  }
}
