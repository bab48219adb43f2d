import { type Static, Type } from 'typebox'
import { RequestFieldSchemas } from './request-fields.ts'

const later = () => Type.Optional(Type.Unknown({ unused: 'not supported in this version' }))
const words = () => Type.Optional(Type.Array(Type.String({ minLength: 1 })))
const number = () => Type.Optional(Type.Number())

/** One model of a tier: its name, or its name with request fields for this tier. */
export const TierModelSchema = Type.Union([
  Type.String(),
  Type.Object({
    model_name: Type.String({ minLength: 1 }),
    litellm_params: Type.Optional(Type.Object({ ...RequestFieldSchemas }, { unknownKeys: 'request' })),
  }),
])

export type TierModel = Static<typeof TierModelSchema>

/** One model, or a chain in order: the first that can answer is used. */
const TierSchema = Type.Union([Type.String(), Type.Array(TierModelSchema), TierModelSchema.anyOf[1]])

/** Keys that LiteLLM added after the first complexity router. */
const laterKeys = {
  keyword_tier_rules: later(),
  semantic_keyword_matching: later(),
  embedding_model: later(),
  match_threshold: later(),
  escalation_keywords: later(),
  plan_mode_min_tier: later(),
  plan_mode_patterns: later(),
  route_housekeeping_to_cheapest_tier: later(),
  housekeeping_patterns: later(),
  enable_context_window_escalation: later(),
  context_window_escalation_buffer: later(),
  modality_routing: later(),
  modality_pin_override: later(),
  stall_escalation_enabled: later(),
  stall_escalation_window: later(),
  stall_escalation_repeat_threshold: later(),
  tier_labels: later(),
  tier_definitions: later(),
  fallback_tier: later(),
  custom_dimensions: later(),
  classifier_type: later(),
  classifier_llm_config: later(),
  classifier_fallback: later(),
  heuristic_first_max_tier: later(),
  hybrid_boundary_margin: later(),
  classification_prompt: later(),
  classification_examples: later(),
  classifier_context_window_size: later(),
  classifier_context_budget_chars: later(),
  classifier_context_per_turn_chars: later(),
  classifier_context_include_assistant_turns: later(),
  adaptive: later(),
  adaptive_weights: later(),
  tier_distance_penalty: later(),
  adaptive_eligible: later(),
  classification_mode: later(),
  session_affinity: later(),
  deployment_affinity: later(),
  session_affinity_ttl_seconds: later(),
  return_raw_model_name: later(),
  plugins: later(),
}

/** `complexity_router_config`: LiteLLM's keys, and our `text_scope`, `no_signal_tier` and `missing_tier`. */
export const ComplexityRouterConfigSchema = Type.Object({
  /** Keys are checked against the four tiers where the router is compiled. */
  tiers: Type.Optional(Type.Record(Type.String(), TierSchema)),
  default_model: Type.Optional(Type.String()),
  tier_boundaries: Type.Optional(
    Type.Object({ simple_medium: number(), medium_complex: number(), complex_reasoning: number() }),
  ),
  token_thresholds: Type.Optional(Type.Object({ simple: number(), complex: number() })),
  dimension_weights: Type.Optional(Type.Record(Type.String(), Type.Number())),
  code_keywords: words(),
  reasoning_keywords: words(),
  technical_keywords: words(),
  simple_keywords: words(),
  custom_technical_keywords: words(),
  reasoning_override_min_score: number(),
  reminder_markers: Type.Optional(
    Type.Array(Type.Object({ open: Type.String({ minLength: 1 }), close: Type.String({ minLength: 1 }) })),
  ),
  text_scope: Type.Optional(Type.Union([Type.Literal('user'), Type.Literal('system_and_user')])),
  no_signal_tier: Type.Optional(Type.String()),
  missing_tier: Type.Optional(Type.Union([Type.Literal('nearest'), Type.Literal('litellm')])),
  ...laterKeys,
})

export type ComplexityRouterConfig = Static<typeof ComplexityRouterConfigSchema>
