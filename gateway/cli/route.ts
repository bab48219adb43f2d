import type { ExplainRequest, Explanation } from '../contract/routers.ts'
import { readAnyRequest } from '../dialects/read-any-request.ts'
import { demoRouterName } from '../routing/demo-models.ts'
import { explain } from '../routing/explain.ts'
import { explanationText } from '../routing/explanation-text.ts'
import type { RoutingSnapshot } from '../routing/plan-types.ts'
import { resolveModel } from '../routing/resolve-model.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import { requireGateway } from './find-gateway.ts'
import { offlineSnapshot } from './offline-config.ts'

export interface RouteOptions {
  readonly router?: string
  readonly system?: string
  /** Ask the running gateway, with its switches and keys, instead of reading the config file. */
  readonly live?: boolean
}

/** Explains requests: from the config file, or by a running gateway. */
export interface Explainer {
  /** The router for requests that name no model. */
  readonly defaultRouter: string
  /** Throws GatewayError or ControlError when the request would be refused. */
  explain(request: ExplainRequest): Promise<Explanation>
}

/** Shows where a prompt would go and why; sends it nowhere. */
export async function route(context: CommandContext, prompt: string, options: RouteOptions): CommandResult {
  const explainer = await openExplainer(context, options)
  const system = options.system === undefined ? [] : [{ role: 'system', content: options.system }]
  const messages = [...system, { role: 'user', content: prompt }]
  const explanation = await explainer.explain({ body: { model: explainer.defaultRouter, messages } })
  await context.print(context.json ? JSON.stringify(explanation) : explanationText(explanation))
  return 0
}

/** @throws CommandFailure when the config has errors or no such router, or with `live` when no gateway runs */
export async function openExplainer(context: CommandContext, options: RouteOptions): Promise<Explainer> {
  if (options.live === true) {
    const { client } = await requireGateway(context.paths)
    const { routers } = await client.routers()
    return {
      defaultRouter: options.router ?? routers[0]?.name ?? demoRouterName,
      explain: (request) => client.explain(request),
    }
  }
  const snapshot = offlineSnapshot(context)
  return {
    defaultRouter: options.router === undefined ? firstRouter(snapshot) : requireRouter(options.router, snapshot),
    explain: async (request) => explain(readAnyRequest(request), snapshot),
  }
}

function requireRouter(name: string, snapshot: RoutingSnapshot): string {
  if (resolveModel(name, snapshot)?.kind === 'router') return name
  const names = [...snapshot.config.routers.keys(), ...(snapshot.demo === 'off' ? [] : [demoRouterName])]
  const known = names.length === 0 ? 'The config has none.' : `Routers here: ${names.join(', ')}.`
  throw new CommandFailure(`There is no router ${JSON.stringify(name)}. ${known}`)
}

function firstRouter(snapshot: RoutingSnapshot): string {
  return snapshot.config.modelNames.find((name) => snapshot.config.routers.has(name)) ?? demoRouterName
}
