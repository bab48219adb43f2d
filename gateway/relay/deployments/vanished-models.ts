import type { Deployment } from '../../config/gateway-config.ts'
import { suggestModel } from './suggest-model.ts'

/** A model that its provider no longer has. */
export interface VanishedModel {
  readonly deployment: Deployment
  /** Of the same family, from the provider's list; undefined = none is like it. */
  readonly suggestion: string | undefined
  /** One sentence for people: what is gone, what to do. */
  readonly sentence: string
  /** When it was noticed, in ms since the epoch. */
  readonly since: number
}

export interface VanishedModelsDependencies {
  readonly now: () => number
  /** Names of models that were in their lists before this start: see `onSeen`. */
  readonly seen: ReadonlySet<string>
  /** A model was in its list for the first time: to be remembered over a restart. */
  readonly onSeen: (names: ReadonlySet<string>) => void
  /** Told once for each that is gone. */
  readonly onVanished: (vanished: VanishedModel) => void
}

export interface VanishedModels {
  /** An upstream's whole list, which these deployments share. */
  readonly list: (deployments: readonly Deployment[], models: readonly string[]) => void
  /** The upstream said of this one that it has no such model: its next list decides. */
  readonly suspect: (deployment: Deployment) => void
  readonly of: (deploymentId: string) => VanishedModel | undefined
  readonly all: () => readonly VanishedModel[]
}

/**
 * Notices models that are gone from their providers' lists. Lists are not complete everywhere (SAIA lists no embedding
 * models), so that not being listed proves nothing by itself: a model is gone when it was listed before, or when the
 * provider also refused it as unknown.
 */
export function createVanishedModels(dependencies: VanishedModelsDependencies): VanishedModels {
  const { now, onSeen, onVanished } = dependencies
  const seen = new Set(dependencies.seen)
  const suspects = new Set<string>()
  const vanished = new Map<string, VanishedModel>()

  const judge = (deployment: Deployment, models: readonly string[]): void => {
    const { id } = deployment
    if (isListed(deployment.upstreamModel, models)) {
      seen.add(nameOf(deployment))
      suspects.delete(id)
      vanished.delete(id)
      return
    }
    if (vanished.has(id) || !(suspects.has(id) || seen.has(nameOf(deployment)))) return
    const found = describe(deployment, suggestModel(deployment.upstreamModel, models), now())
    vanished.set(id, found)
    onVanished(found)
  }

  return {
    list: (deployments, models) => {
      // An empty list is a server's bad day, not the end of all its models.
      if (models.length === 0) return
      const before = seen.size
      for (const deployment of deployments) judge(deployment, models)
      if (seen.size > before) onSeen(seen)
    },
    suspect: (deployment) => suspects.add(deployment.id),
    of: (deploymentId) => vanished.get(deploymentId),
    all: () => [...vanished.values()],
  }
}

/** Ollama lists `llama3:latest` where it is asked for `llama3`; some lists name the vendor before the model. */
function isListed(model: string, models: readonly string[]): boolean {
  const wanted = model.replace(/^models\//, '').toLowerCase()
  return models.some((listed) => {
    const name = listed.toLowerCase()
    return name === wanted || name === `${wanted}:latest` || name.endsWith(`/${wanted}`) || wanted.endsWith(`/${name}`)
  })
}

function nameOf({ baseUrl, upstreamModel }: Deployment): string {
  return `${baseUrl} ${upstreamModel}`
}

function describe(deployment: Deployment, suggestion: string | undefined, since: number): VanishedModel {
  const { modelName, provider, upstreamModel } = deployment
  const instead =
    suggestion === undefined ? 'It lists nothing like it' : `Of what it lists ${suggestion} is most like it`
  const sentence = `${provider} no longer lists ${upstreamModel}, which ${modelName} stands for. ${instead}: change the entry in the config.`
  return { deployment, suggestion, sentence, since }
}
