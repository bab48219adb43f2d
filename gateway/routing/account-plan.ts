import { GatewayError } from '../model/errors.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { listModels } from './list-models.ts'
import { resolveAllowedModel } from './model-access.ts'
import type { Plan, RoutingSnapshot } from './plan-types.ts'
import { outlineResolved } from './plan.ts'
import { printable } from './printable.ts'

/**
 * The plan for what an account keeps (files, batches): always the first deployment of the group, never another, since
 * no other account has it. Pure.
 *
 * Throws GatewayError as `outline` does, and `unsupported_model` for a router, which stands for no account.
 */
export function outlineOnAccount(facts: RequestFacts, snapshot: RoutingSnapshot): Plan {
  const asked = resolveAllowedModel(facts.model, snapshot)
  if (asked.kind === 'router') {
    throw new GatewayError(
      'unsupported_model',
      `${printable(facts.model)} is a router. Files and batches are kept by one provider: name one of its models.`,
      { param: 'model' },
    )
  }
  const deployment = asked.kind === 'deployment' ? asked.deployment : asked.deployments[0]
  if (deployment === undefined || (asked.kind === 'group' && asked.isDemo))
    return outlineResolved(asked, facts, snapshot)
  const single = { kind: 'deployment', name: asked.name, deployment } as const
  return outlineResolved(single, { ...facts, requestFallbacks: [] }, snapshot)
}

/**
 * A model that stands for a provider (LiteLLM's `custom_llm_provider`): the first one of it that the caller may use. Pure.
 * @throws GatewayError `model_not_found`, naming the providers there are
 */
export function modelOfProvider(provider: string, snapshot: RoutingSnapshot): string {
  const models = listModels(snapshot).filter(({ kind }) => kind === 'model')
  const found = models.find((model) => model.provider === provider)
  if (found !== undefined) return found.name
  const known = [...new Set(models.map((model) => model.provider ?? ''))].filter((name) => name !== '').slice(0, 20)
  throw new GatewayError(
    'model_not_found',
    `No model of the provider ${printable(provider)} is configured for this key. There are: ${known.join(', ') || 'none'}.`,
    { param: 'custom_llm_provider' },
  )
}
