import type { DeskDependencies } from '../../gateway/http/desk-dependencies.ts'
import { pauseDouble } from './pause-double.ts'

/** What the desktop's pages stand on, with nothing behind it. */
export function deskDouble(): DeskDependencies {
  return {
    pause: pauseDouble(),
    modelFacts: () => [],
    modelPrice: () => ({ input: null, output: null, cacheRead: null, cacheWrite: null, provenance: '' }),
    modelUse: async () => undefined,
  }
}
