import type { AuditLog } from './access/audit-log.ts'
import type { AgentService } from './agents/agent-service.ts'

/** The agents of this user; who connected or disconnected one is noted, with the files that it changed. */
export function auditedAgents(agents: AgentService, audit: Pick<AuditLog, 'note'>): AgentService {
  return {
    ...agents,
    async connect(id, choice) {
      const done = await agents.connect(id, choice)
      const { model, smallModel, url } = done.record
      audit.note('agent.connected', id, { model, smallModel, url, files: done.writes.map(({ path }) => path) })
      return done
    },
    async disconnect(id) {
      const done = await agents.disconnect(id)
      const files = done.files.map(({ path, outcome }) => ({ path, outcome }))
      audit.note('agent.disconnected', id, { files, keyRevoked: done.keyRevoked })
      return done
    },
    async rest() {
      const done = await agents.rest()
      for (const id of done) audit.note('agent.rested', id, {})
      return done
    },
    async wake() {
      const done = await agents.wake()
      for (const id of done) audit.note('agent.woken', id, {})
      return done
    },
    async resync() {
      const done = await agents.resync()
      for (const id of done) audit.note('agent.resynced', id, {})
      return done
    },
  }
}
