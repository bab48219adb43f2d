import type { AgentService } from '../../gateway/agents/agent-service.ts'
import { ExportError } from '../../gateway/agents/engine/export-error.ts'

const refuse = () => Promise.reject(new ExportError('There are no agents in this test.'))

/** A machine without agents. */
export const agentsDouble: AgentService = {
  list: () => Promise.resolve([]),
  resync: () => Promise.resolve([]),
  rest: () => Promise.resolve([]),
  wake: () => Promise.resolve([]),
  view: refuse,
  plan: refuse,
  connect: refuse,
  disconnect: refuse,
}
