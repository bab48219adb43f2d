import type { Deployment } from './config/gateway-config.ts'
import type { ProviderCatalogue } from './config/providers/catalogue.ts'
import type { AgentModel, AgentView } from './contract/agents.ts'
import type { BackendList } from './contract/backends.ts'
import type { ModelPrice } from './contract/models.ts'
import type { Setup, SetupStep, SetupStepState } from './contract/setup.ts'
import { demoRouterName } from './routing/demo-models.ts'
import type { RoutingSnapshot } from './routing/plan-types.ts'
import { type ProposableModel, proposeRouter } from './routing/propose-router.ts'

/** The stops of the first run, in order. */
export const stepNames = ['found', 'key', 'router', 'request', 'agent'] as const satisfies readonly SetupStep[]

/** Everything the first run is told from. */
export interface FirstRunFacts {
  /** What a person said of the steps. */
  readonly kept: Readonly<Partial<Record<SetupStep, SetupStepState>>>
  readonly snapshot: RoutingSnapshot
  readonly catalogue: ProviderCatalogue
  readonly backends: BackendList
  readonly agents: readonly AgentView[]
  readonly modelFacts: readonly AgentModel[]
  readonly modelPrice: (deployment: Deployment) => ModelPrice
  readonly hasValue: (name: string) => boolean
  readonly isInEnvironment: (name: string) => boolean
  readonly wasAsked: boolean
  readonly stacks: Setup['stacks']
  readonly litellm: Setup['litellm']
  readonly url: string
}

/** What was found and what is left to do. Pure. */
export function firstRun(facts: FirstRunFacts): Setup {
  const { config } = facts.snapshot
  const { proposal, none } =
    config.routers.size > 0
      ? { none: 'There is a router already.' }
      : proposeRouter(proposable(facts), takenNames(facts))
  return {
    fresh: config.groups.size === 0,
    steps: stepNames.map((step) => ({ step, state: stateOf(step, facts) })),
    backends: facts.backends.backends
      .filter(({ models, state }) => models.length > 0 || state === 'auth' || state === 'starting')
      .map(({ name, label, url, state, models }) => ({ name, label, url, state, models: models.length })),
    environment: environmentKeys(facts),
    stacks: [...facts.stacks],
    litellm: facts.litellm,
    agents: facts.agents
      // Shells and SDKs are always there, and nothing that was found.
      .filter(({ kind, state }) => kind === 'agent' && state !== 'not installed')
      .map(({ id, name, state }) => ({ id, name, state })),
    providers: providersOf(facts),
    proposal: proposal ?? null,
    noProposal: none ?? null,
    firstRequest: firstRequest(facts),
  }
}

/** What a person said goes first; then what is there anyway. */
function stateOf(step: SetupStep, facts: FirstRunFacts): SetupStepState {
  return facts.kept[step] ?? (isDone(step, facts) ? 'done' : 'open')
}

function isDone(step: SetupStep, { snapshot, agents, wasAsked }: FirstRunFacts): boolean {
  const { groups, routers } = snapshot.config
  switch (step) {
    case 'found':
      return false
    case 'key':
      return [...groups.values()].flat().some(({ apiKey, local }) => local === undefined && apiKey.kind === 'value')
    case 'router':
      return routers.size > 0
    case 'request':
      return wasAsked
    case 'agent':
      return agents.some(({ state }) => state === 'in place' || state === 'outdated' || state === 'drifted')
  }
}

function proposable({ snapshot, modelFacts, modelPrice }: FirstRunFacts): ProposableModel[] {
  return modelFacts.flatMap(({ name, kind, tools, reasoning }) => {
    const [deployment] = kind === 'model' ? (snapshot.config.groups.get(name) ?? []) : []
    if (deployment === undefined || deployment.apiKey.kind === 'missing') return []
    const local = deployment.local !== undefined
    return [{ name, local, outputPrice: modelPrice(deployment).output ?? undefined, tools, reasoning }]
  })
}

function takenNames({ snapshot: { config } }: FirstRunFacts): ReadonlySet<string> {
  return new Set([...config.modelNames, ...config.aliases.keys(), ...(config.roles?.keys() ?? [])])
}

function environmentKeys({ catalogue, isInEnvironment, snapshot }: FirstRunFacts): Setup['environment'] {
  const used = new Set(
    [...snapshot.config.groups.values()]
      .flat()
      .flatMap(({ apiKey }) => (apiKey.kind === 'value' ? (apiKey.names ?? []) : [])),
  )
  return distinctProviders(catalogue).flatMap(({ id, keyVariables }) =>
    keyVariables.filter((name) => isInEnvironment(name)).map((name) => ({ name, provider: id, used: used.has(name) })),
  )
}

function providersOf({ catalogue, hasValue, snapshot }: FirstRunFacts): Setup['providers'] {
  const deployments = [...snapshot.config.groups.values()].flat()
  return distinctProviders(catalogue).flatMap(({ id, keyVariables }) => {
    const [keyName] = keyVariables
    if (keyName === undefined) return []
    const models = new Set(deployments.filter(({ provider }) => provider === id).map(({ modelName }) => modelName)).size
    return [{ name: id, keyName, hasKey: keyVariables.some((name) => hasValue(name)), models }]
  })
}

/** An alias is the same provider under a second name. */
function distinctProviders({ providers }: ProviderCatalogue) {
  const seen = new Set<string>()
  return [...providers.values()].filter(({ baseUrl, unsupported }) => {
    if (baseUrl === undefined || unsupported !== undefined || seen.has(baseUrl)) return false
    seen.add(baseUrl)
    return true
  })
}

/** A router is the best thing to try, then any model, then the demo. */
function firstRequest({ snapshot: { config }, url }: FirstRunFacts): Setup['firstRequest'] {
  const model = [...config.routers.keys()][0] ?? [...config.groups.keys()].find((name) => !name.includes('*'))
  const asked = model ?? demoRouterName
  const body = JSON.stringify({ model: asked, messages: [{ role: 'user', content: 'hello' }] })
  const command = [
    `curl ${url}/v1/chat/completions`,
    // The shell reads the key, so that it is never on screen.
    '-H "Authorization: Bearer $(npm run -s cli -- keys show)"',
    '-H "Content-Type: application/json"',
    `-d '${body.replaceAll("'", String.raw`'\''`)}'`,
  ].join(' \\\n  ')
  return { model: asked, command }
}
