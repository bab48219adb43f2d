import type { Deployment } from '../gateway-config.ts'
import { sameOrigin } from '../providers/base-url.ts'
import type { ProviderFacts } from '../providers/catalogue.ts'
import type { ModelEntry } from '../schema/model-entry.ts'
import type { CompileContext } from './compile-context.ts'

type Windows = Pick<Deployment, 'contextWindow' | 'totalWindow' | 'windowIsPresumed'>

/**
 * How much a deployment takes: as the file says, else what is known of that model. `openai/` at another address only says
 * that the server is compatible: there the model's name tells nothing, unless `base_model` says what it is.
 */
export function compileWindow(
  { model_info: info }: ModelEntry,
  {
    facts,
    baseUrl,
    upstreamModel,
  }: { readonly facts: ProviderFacts; readonly baseUrl: string; readonly upstreamModel: string },
  { catalogue }: CompileContext,
): Windows {
  const written = info?.max_input_tokens ?? info?.context_window
  if (written !== undefined) return { contextWindow: written, totalWindow: info?.context_window }
  const { windowOf = nothingKnown } = catalogue
  const elsewhere = facts.servesOthers && (facts.baseUrl === undefined || !sameOrigin(facts.baseUrl, baseUrl))
  const known =
    info?.base_model === undefined
      ? elsewhere
        ? undefined
        : windowOf(facts.id, upstreamModel)
      : windowOfBase(info.base_model, facts.id, windowOf)
  if (known === undefined) return { contextWindow: undefined, totalWindow: undefined }
  return { contextWindow: known, totalWindow: undefined, windowIsPresumed: true }
}

type WindowOf = NonNullable<CompileContext['catalogue']['windowOf']>

const nothingKnown: WindowOf = () => undefined

/** An id of the deployment's own provider first (`openai/gpt-oss-120b` on Groq), else one with its provider in front. */
function windowOfBase(baseModel: string, provider: string, windowOf: WindowOf): number | undefined {
  const slash = baseModel.indexOf('/')
  const own = windowOf(provider, baseModel)
  return own !== undefined || slash < 1 ? own : windowOf(baseModel.slice(0, slash), baseModel.slice(slash + 1))
}
