import type { Deployment, PriceOverride } from '../../gateway/config/gateway-config.ts'

/** A deployment that answers to nobody: tests give what matters to them. Prices may be given in part. */
export function deploymentDouble(
  given: Partial<Omit<Deployment, 'prices'>> & { readonly prices?: Partial<PriceOverride> },
): Deployment {
  const { prices, ...rest } = given
  return {
    id: 'deployment-1',
    modelName: 'model',
    provider: 'openai',
    adapter: 'openai-compatible',
    alternatives: [],
    upstreamModel: 'gpt-4o',
    baseUrl: 'http://127.0.0.1:9',
    apiKey: { kind: 'none' },
    headers: {},
    defaults: {},
    refusedFields: [],
    renamedFields: {},
    acceptsStreamOptions: true,
    prices:
      prices === undefined
        ? undefined
        : {
            inputPerToken: undefined,
            outputPerToken: undefined,
            cachedPerToken: undefined,
            cacheWritePerToken: undefined,
            reasoningPerToken: undefined,
            ...prices,
          },
    baseModel: undefined,
    weight: undefined,
    rpm: undefined,
    tpm: undefined,
    order: 0,
    deadlines: { connectMs: 2_000, firstByteMs: 60_000, idleMs: 60_000, totalMs: 60_000 },
    tags: [],
    accessGroups: [],
    maxParallelRequests: undefined,
    quota: undefined,
    cooldown: { allowedFails: undefined, cooldownMs: undefined, allowedFailsPolicy: undefined },
    budget: undefined,
    numRetries: undefined,
    failFast: false,
    contextWindow: undefined,
    totalWindow: undefined,
    maxOutputTokens: undefined,
    modelInfo: {},
    line: 1,
    ...rest,
  }
}
