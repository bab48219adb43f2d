import type { RouterDefinition, TierTarget } from '../config/gateway-config.ts'
import type { JsonObject } from '../model/json.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import type { SwitchPosition } from '../model/switch-position.ts'
import type { Tier } from '../model/tier.ts'
import { classify } from './complexity/classify.ts'
import { compileRouter } from './complexity/compiled-router.ts'
import { promptFeatures } from './features.ts'
import type { DecisionCause, DimensionScore, RouterDecision } from './plan-types.ts'
import { reasonText } from './reason-text.ts'
import { chooseDefault, chooseTier } from './tier-choice.ts'

/** What a router made of a request. */
export interface RoutedRequest {
  readonly decision: RouterDecision
  /** The models of the tier, first choice first; waiting ones included. */
  readonly targets: readonly TierTarget[]
  readonly features: JsonObject | undefined
  readonly warning: string | undefined
}

interface Verdict {
  readonly cause: DecisionCause
  /** Undefined asks for the default model. */
  readonly wanted: Tier | undefined
  readonly score: number | null
  readonly dimensions: readonly DimensionScore[]
}

/**
 * Lets a router that is not off choose a tier: by its pin, by the score of the user text, or by its default when there
 * is no text. Throws `backend_unavailable` when no tier has a model. A pinned request is measured too, so that its
 * features can be replayed later.
 */
export function routeRequest(
  router: RouterDefinition,
  position: Exclude<SwitchPosition, { mode: 'off' }>,
  facts: RequestFacts,
): RoutedRequest {
  const { measure, readUserText, settings } = compileRouter(router)
  const userText = readUserText(facts)
  const signals = userText.trim() === '' ? undefined : measure(userText, facts.systemText)
  const verdict = ((): Verdict => {
    if (position.mode === 'pinned') return { cause: 'pinned', wanted: position.tier, score: null, dimensions: [] }
    if (signals === undefined) return { cause: 'no_user_text', wanted: undefined, score: null, dimensions: [] }
    const { tier, ...scored } = classify(signals, settings)
    return { ...scored, wanted: tier }
  })()
  const choice = verdict.wanted === undefined ? chooseDefault(router) : chooseTier(router, verdict.wanted)
  return {
    decision: {
      router: router.name,
      tier: choice.tier,
      wantedTier: verdict.wanted ?? choice.tier,
      score: verdict.score,
      cause: verdict.cause,
      dimensions: verdict.dimensions,
      boundaries: settings.boundaries,
      reason: reasonText(verdict.cause, verdict.dimensions),
    },
    targets: choice.targets,
    features: signals === undefined ? undefined : promptFeatures(signals, facts),
    warning: choice.warning,
  }
}
