import type { SignalboxSettings } from '../../config/gateway-config.ts'
import type { ModelAnswer } from '../../model/answer.ts'
import type { ToolDefinition } from '../../model/model-request.ts'
import { findFaults, type ToolFault } from './find-faults.ts'
import { createSchemaChecks } from './schema-checks.ts'

/** What is done about tool calls that break the client's own schemas (`signalbox.tool_validation`). */
export interface ToolValidation {
  readonly mode: () => SignalboxSettings['toolValidation']
  /** Empty when the mode is `off`. */
  faultsIn(answer: ModelAnswer, tools: readonly ToolDefinition[]): readonly ToolFault[]
}

export function createToolValidation({ mode }: Pick<ToolValidation, 'mode'>): ToolValidation {
  const checks = createSchemaChecks()
  return {
    mode,
    faultsIn: (answer, tools) => (mode() === 'off' || tools.length === 0 ? [] : findFaults(answer, tools, checks)),
  }
}
