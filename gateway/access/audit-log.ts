import type { JsonObject } from '../model/json.ts'
import type { AuditRepository } from '../store/audit-repository.ts'
import { actingIdentity } from './acting-identity.ts'

/** Keeps what was changed and by whom. */
export interface AuditLog {
  /** `by`: who, where no caller is behind it. Never throws: a change is not undone because its event could not be kept. */
  note(action: string, subject: string, details: JsonObject, by?: string): void
}

export interface AuditLogDependencies {
  readonly repository: Pick<AuditRepository, 'append'>
  /** ms since the epoch. */
  readonly now: () => number
  readonly logger: { error(fields: object, message: string): void }
}

export function createAuditLog({ repository, now, logger }: AuditLogDependencies): AuditLog {
  return {
    note(action, subject, details, by = 'gateway') {
      const actor = actingIdentity() ?? by
      repository.append({ at: now(), actor, action, subject, details }).catch((failure: unknown) => {
        logger.error({ action, err: failure }, 'an audit event could not be kept')
      })
    },
  }
}
