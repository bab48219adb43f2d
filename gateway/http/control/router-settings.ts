import type { ConfigText } from '../../config/edit/config-editor.ts'
import { findRouterBlock } from '../../config/edit/router-block.ts'
import type { RouterDefinition } from '../../config/gateway-config.ts'
import type { RouterSettings } from '../../contract/router-settings.ts'
import { scoringSettings } from '../../routing/complexity/scoring-settings.ts'

/** A router's settings as they hold, and where the file has them. Pure. */
export function routerSettings(router: RouterDefinition, file: Pick<ConfigText, 'text' | 'revision'>): RouterSettings {
  const block = findRouterBlock(file.text, router.name)
  const settings = scoringSettings(router.complexity)
  return {
    revision: file.revision,
    place: block.place === undefined ? null : [...block.place],
    problem: block.problem ?? null,
    written: block.place === undefined ? {} : block.written,
    weights: settings.weights,
    boundaries: settings.boundaries,
    tokenThresholds: settings.thresholds,
    reasoningOverrideMinScore: settings.reasoningOverrideMinScore ?? null,
    noSignalTier: settings.noSignalTier ?? null,
    defaultModel: router.defaultModel?.model ?? null,
    textScope: router.complexity.textScope,
  }
}
