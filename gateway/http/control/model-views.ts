import type { Deployment, GatewayConfig, RouterDefinition } from '../../config/gateway-config.ts'
import type { AgentModel } from '../../contract/agents.ts'
import type { ModelDeployment, ModelPrice, ModelView } from '../../contract/models.ts'
import type { ModelUse } from '../../ledger/model-use.ts'
import { billingOf } from '../../ledger/prices/billing.ts'
import { tiers } from '../../model/tier.ts'
import type { RoutingSnapshot } from '../../routing/plan-types.ts'
import { resolveModel } from '../../routing/resolve-model.ts'
import type { DeploymentReadings } from '../http-dependencies.ts'
import { bestLamp, deploymentLamp, type LampAndSentence } from './deployment-lamp.ts'

export interface ModelSources {
  readonly snapshot: RoutingSnapshot
  /** Windows, modalities and abilities by name. */
  readonly facts: ReadonlyMap<string, AgentModel>
  readonly readings: DeploymentReadings
  readonly priceOf: (deployment: Deployment) => ModelPrice
  /** Undefined = it could not be read. */
  readonly use: ModelUse | undefined
}

/** All models and routers, listed ones first. Pure. */
export function modelViews(names: readonly string[], sources: ModelSources): ModelView[] {
  return names.flatMap((name) => {
    const target = resolveModel(name, sources.snapshot)
    if (target === undefined) return patternView(name, sources)
    const view =
      target.kind === 'router' ? routerView(target.router, sources) : groupView(deploymentsOf(target), sources)
    const kind = sources.snapshot.config.aliases.has(name) ? ('alias' as const) : view.kind
    return [{ ...shared(name, target.name, sources), ...view, kind }]
  })
}

type Resolved = NonNullable<ReturnType<typeof resolveModel>>

function deploymentsOf(target: Exclude<Resolved, { kind: 'router' }>): readonly Deployment[] {
  return target.kind === 'group' ? target.deployments : [target.deployment]
}

/** `openai/*` as it stands in the file: no model, and worth a row. */
function patternView(name: string, sources: ModelSources): ModelView[] {
  const deployments = sources.snapshot.config.groups.get(name)
  if (deployments === undefined) return []
  return [{ ...shared(name, name, sources), ...groupView(deployments, sources) }]
}

type Shared = Pick<
  ModelView,
  | 'name'
  | 'contextWindow'
  | 'maxOutputTokens'
  | 'capabilities'
  | 'usedBy'
  | 'lastUsedAt'
  | 'p50FirstTokenMs'
  | 'measured'
>

function shared(name: string, target: string, { snapshot, facts, use }: ModelSources): Shared {
  const fact = facts.get(name)
  const used = use?.models.get(target) ?? use?.routers.get(target)
  return {
    name,
    contextWindow: fact?.contextWindow ?? null,
    maxOutputTokens: fact?.maxOutputTokens ?? null,
    capabilities: fact === undefined ? [] : capabilities(fact),
    usedBy: usedBy(target, snapshot.config),
    lastUsedAt: used?.lastUsedAt ?? null,
    p50FirstTokenMs: used?.p50FirstTokenMs ?? null,
    measured: used?.measured ?? 0,
  }
}

function capabilities({ tools, reasoning, input }: AgentModel): string[] {
  const reads = { image: 'vision', audio: 'audio', video: 'video', pdf: 'pdf', text: undefined } as const
  return [
    ...(tools ? ['tools'] : []),
    ...(reasoning ? ['reasoning'] : []),
    ...input.map((modality) => reads[modality]).filter((word) => word !== undefined),
  ]
}

function usedBy(name: string, { routers, aliases }: GatewayConfig): ModelView['usedBy'] {
  return [...routers.values()].flatMap((router) =>
    tiers.flatMap((tier) =>
      (router.tiers[tier] ?? []).flatMap(({ model }, place) =>
        (aliases.get(model)?.group ?? model) === name ? [{ router: router.name, tier, place }] : [],
      ),
    ),
  )
}

type Own = Omit<ModelView, keyof Shared>

function groupView(deployments: readonly Deployment[], sources: ModelSources): Own {
  const views = deployments.map((deployment) => deploymentView(deployment, sources))
  const [first] = deployments
  return {
    kind: first?.adapter === 'demo' ? 'demo' : 'model',
    provider: only(views.map(({ provider }) => provider)),
    ...bestLamp(views),
    price: views[0]?.price ?? null,
    billing: only(views.map(({ billing }) => billing)),
    source: sourceOf(first),
    deployments: views,
  }
}

function deploymentView(deployment: Deployment, { snapshot, readings, priceOf }: ModelSources): ModelDeployment {
  const { id, provider, upstreamModel, baseUrl, line } = deployment
  return {
    deploymentId: id,
    provider,
    upstreamModel,
    host: URL.canParse(baseUrl) ? new URL(baseUrl).host : '',
    ...deploymentLamp(deployment, readings, snapshot.now),
    price: priceOf(deployment),
    billing: billingOf(deployment),
    line: line === 0 ? null : line,
  }
}

function sourceOf(deployment: Deployment | undefined): ModelView['source'] {
  if (deployment?.adapter === 'demo') return { kind: 'demo' }
  if (deployment?.local !== undefined && deployment.line === 0)
    return { kind: 'backend', backend: deployment.local.backend }
  return { kind: 'config', line: deployment?.line ?? 0 }
}

function routerView(router: RouterDefinition, sources: ModelSources): Own {
  const isDemo = router.line === 0
  return {
    kind: 'router',
    provider: null,
    ...routerLamp(router, sources),
    price: null,
    billing: null,
    source: isDemo ? { kind: 'demo' } : { kind: 'config', line: router.line },
    deployments: [],
  }
}

/** A router is as good as the tier that has the least. */
function routerLamp(router: RouterDefinition, { snapshot, readings }: ModelSources): LampAndSentence {
  if (snapshot.switches.get(router.name)?.mode === 'off') {
    return { lamp: 'off', health: 'Switched off in the tray or at Routers.' }
  }
  for (const tier of tiers) {
    const targets = router.tiers[tier]
    if (targets === undefined) continue
    const lamps = targets.map(({ model }) => {
      const target = resolveModel(model, snapshot)
      const deployments = target === undefined || target.kind === 'router' ? [] : deploymentsOf(target)
      return bestLamp(deployments.map((deployment) => deploymentLamp(deployment, readings, snapshot.now)))
    })
    if (lamps.some(({ lamp }) => lamp !== 'away' && lamp !== 'failed')) continue
    return { lamp: 'away', health: `${tier} has no model now. ${lamps[0]?.health ?? ''}`.trim() }
  }
  return { lamp: 'up', health: 'Every tier has a model.' }
}

function only(values: readonly string[]): string | null {
  const [first] = values
  return first !== undefined && values.every((value) => value === first) ? first : null
}
