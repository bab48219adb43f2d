import type { RouterDefinition } from '../../config/gateway-config.ts'
import type { RequestFacts } from '../../model/request-facts.ts'
import { createReminderRemover, newestUsableText } from '../../model/reminder-blocks.ts'
import { createPromptMeter, type PromptMeter } from './prompt-signals.ts'
import { type ScoringSettings, scoringSettings } from './scoring-settings.ts'

/** A router's settings, word lists and markers, ready for use. */
export interface CompiledRouter {
  readonly settings: ScoringSettings
  readonly measure: PromptMeter
  /** The user text as this router reads it; empty when there is none. */
  readonly readUserText: (facts: RequestFacts) => string
}

/** A memo, not state: definitions are immutable, and an entry goes when its configuration does. */
const compiled = new WeakMap<RouterDefinition, CompiledRouter>()

/** Compiles a router once per definition. */
export function compileRouter(definition: RouterDefinition): CompiledRouter {
  const known = compiled.get(definition)
  if (known !== undefined) return known
  const router: CompiledRouter = {
    settings: scoringSettings(definition.complexity),
    measure: createPromptMeter(definition.complexity),
    readUserText: createUserTextReader(definition),
  }
  compiled.set(definition, router)
  return router
}

/** Own markers replace the default ones, so they are applied to the turns as they came. */
function createUserTextReader(definition: RouterDefinition): CompiledRouter['readUserText'] {
  const markers = definition.complexity.reminderMarkers
  if (markers === undefined) return (facts) => facts.userText
  const remove = createReminderRemover(markers)
  return (facts) => newestUsableText(facts.userTurns ?? [facts.userText], remove)
}
