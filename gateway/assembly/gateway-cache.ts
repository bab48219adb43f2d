import { join } from 'node:path'
import type { AuditLog } from '../access/audit-log.ts'
import { type AnswerCache, createAnswerCache } from '../cache/answer-cache.ts'
import type { ConfigSource } from '../config/config-source.ts'
import type { GatewayOptions } from '../gateway-options.ts'
import { answersFileName, openAnswerRepository, removeAnswers } from '../store/answer-repository.ts'

/** Kept answers: a file that is made when the cache is first used. That somebody emptied it is noted. */
export function openGatewayCache(
  { dataDir, logger }: GatewayOptions,
  config: ConfigSource,
  audit: AuditLog,
  opened: AsyncDisposableStack,
): AnswerCache {
  const path = join(dataDir, answersFileName)
  const cache = createAnswerCache({
    open: () => openAnswerRepository(path),
    remove: () => removeAnswers(path),
    now: Date.now,
    maxBytes: () => config.current().signalbox.cache.maxBytes,
    logger,
  })
  opened.defer(() => cache.close())
  return {
    find: (key, maxAgeMs) => cache.find(key, maxAgeMs),
    put: (key, answer, ttlMs) => cache.put(key, answer, ttlMs),
    delete: (keys) => cache.delete(keys),
    size: () => cache.size(),
    close: () => cache.close(),
    async clear() {
      const answers = await cache.clear()
      audit.note('cache.cleared', answersFileName, { answers })
      return answers
    },
  }
}
