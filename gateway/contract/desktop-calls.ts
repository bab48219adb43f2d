import type { ModelList } from './models.ts'
import type { PauseView } from './pause.ts'
import type { Replay, ReplayRequest } from './replay.ts'
import type { Trial, TryRequest } from './router-draft.ts'
import { controlRoutes } from './routes.ts'
import type {
  SecretList,
  SecretStoreChoice,
  SecretStoreView,
  SecretTest,
  SecretTestRequest,
  SecretValue,
  SecretView,
  UnlockRequest,
} from './secrets.ts'
import type {
  AddedRouter,
  Setup,
  SetupRequest,
  SetupRequestOutcome,
  SetupRouter,
  SetupStep,
  SetupStepChange,
} from './setup.ts'

/** Sends one call of the control API and reads its answer. */
export type ControlCall = <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>

/** The part of the client that the desktop's pages use and scripts hardly do: editing routers, models, secrets, pause, first run. */
export function desktopCalls(call: ControlCall) {
  return {
    tryRouter: (name: string, request: TryRequest) => call<Trial>('POST', controlRoutes.tryRouter(name), request),
    replayRouter: (name: string, request: ReplayRequest) =>
      call<Replay>('POST', controlRoutes.replayRouter(name), request),
    models: () => call<ModelList>('GET', controlRoutes.models),
    secrets: () => call<SecretList>('GET', controlRoutes.secrets),
    saveSecret: (name: string, secret: SecretValue) => call<SecretView>('PUT', controlRoutes.secret(name), secret),
    deleteSecret: (name: string) => call<SecretView>('DELETE', controlRoutes.secret(name)),
    testSecret: (name: string, test: SecretTestRequest) =>
      call<SecretTest>('POST', controlRoutes.testSecret(name), test),
    chooseSecretStore: (choice: SecretStoreChoice) => call<SecretStoreView>('PUT', controlRoutes.secretStore, choice),
    unlockSecrets: (unlock: UnlockRequest) => call<SecretStoreView>('POST', controlRoutes.unlockSecrets, unlock),
    pause: () => call<PauseView>('POST', controlRoutes.pause, {}),
    resume: () => call<PauseView>('POST', controlRoutes.resume, {}),
    setup: () => call<Setup>('GET', controlRoutes.setup),
    setSetupStep: (step: SetupStep, change: SetupStepChange) =>
      call<Setup>('PUT', controlRoutes.setupStep(step), change),
    sendSetupRequest: (request: SetupRequest) => call<SetupRequestOutcome>('POST', controlRoutes.setupRequest, request),
    addSetupRouter: (router: SetupRouter) => call<AddedRouter>('POST', controlRoutes.setupRouter, router),
  }
}
