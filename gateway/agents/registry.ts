import type { Agent } from './agent.ts'
import { claudeCode } from './claude-code/claude-code.ts'
import { codex } from './codex/codex.ts'
import { opencode } from './opencode/opencode.ts'

/** Every agent an export knows, in the order in which they are listed. */
export const agents: readonly Agent[] = [opencode, claudeCode, codex]

export function findAgent(id: string): Agent | undefined {
  return agents.find((agent) => agent.id === id)
}
