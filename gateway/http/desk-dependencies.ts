import type { Deployment } from '../config/gateway-config.ts'
import type { Replay } from '../contract/replay.ts'
import type { ReplayOrder } from '../replay/run-replay.ts'
import type { AgentModel } from '../contract/agents.ts'
import type { ModelPrice } from '../contract/models.ts'
import type { PauseView } from '../contract/pause.ts'
import type { SecretList, SecretStoreChoice, SecretStoreView, SecretTest, SecretView } from '../contract/secrets.ts'
import type { AddedRouter, Setup, SetupRouter, SetupStep, SetupStepState } from '../contract/setup.ts'
import type { Secret } from '../model/secret.ts'
import type { ModelUse } from '../ledger/model-use.ts'
import type { PricedUsage } from '../ledger/price-book.ts'
import type { Usage } from '../model/usage.ts'
import type { LabelRepository } from '../store/label-repository.ts'

/** What the pages of the desktop stand on besides the traffic: the main switch, models, secrets, the first run. */
export interface DeskDependencies {
  readonly pause: PauseSwitch
  /** What models can do; of routers that are off too. */
  readonly modelFacts: () => readonly AgentModel[]
  /** What tokens cost on a deployment at a moment, in ms since the epoch. */
  readonly priceOf: (deployment: Deployment, usage: Usage, at: number) => PricedUsage
  readonly labels: LabelRepository
  readonly secrets: Secrets
  readonly setup: FirstRun
  /** The last days of a router decided by edited settings, in a thread of its own. */
  readonly replay: (order: ReplayOrder) => Promise<Replay>
  readonly modelPrice: (deployment: Deployment) => ModelPrice
  /** With the moment it was read, in ms since the epoch; undefined when it cannot be. Never rejects. */
  readonly modelUse: () => Promise<{ readonly use: ModelUse; readonly at: number } | undefined>
}

/** Provider keys. Values come in and never go out. Errors are GatewayErrors. */
export interface Secrets {
  list(): Promise<SecretList>
  save(name: string, value: Secret): Promise<SecretView>
  remove(name: string): Promise<SecretView>
  /** `value` undefined = the one in use; `provider` undefined = all of its providers. */
  test(name: string, value: Secret | undefined, provider: string | undefined): Promise<SecretTest>
  chooseStore(choice: SecretStoreChoice): Promise<SecretStoreView>
  unlock(passphrase: Secret | undefined): Promise<SecretStoreView>
}

/** The first run. Errors are GatewayErrors. */
export interface FirstRun {
  view(): Promise<Setup>
  /** What a person says of a step goes before what is there anyway. */
  setStep(step: SetupStep, state: SetupStepState): Promise<Setup>
  addRouter(router: SetupRouter): Promise<AddedRouter>
}

/** While it is paused, LLM routes refuse. */
export interface PauseSwitch {
  readonly view: () => PauseView
  set(paused: boolean): Promise<PauseView>
}
