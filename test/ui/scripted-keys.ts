import type { KeyView } from '../../gateway/contract/keys.ts'
import { scriptedNow } from './scripted-data.ts'

const dollar = 1_000_000_000
const nextMonth = new Date(2026, 11, 1).getTime()

/** A key without limits; `part` says what is different. */
export function scriptedKey(id: string, alias: string | null, part: Partial<KeyView> = {}): KeyView {
  return {
    id: id.padEnd(64, '0'),
    alias,
    kind: 'virtual',
    name: `sk-...${id.slice(0, 4)}`,
    models: [],
    createdAt: scriptedNow - 20 * 86_400_000,
    expiresAt: null,
    blocked: false,
    userId: null,
    teamId: null,
    agent: null,
    tags: [],
    aliases: {},
    budget: { maxNanoUsd: null, duration: null, spentNanoUsd: 0, resetsAt: null },
    softBudgetNanoUsd: null,
    modelBudgets: {},
    rpm: null,
    tpm: null,
    maxParallel: null,
    modelRpm: {},
    modelTpm: {},
    allowedRoutes: [],
    onLimit: null,
    unknownPrice: null,
    ...part,
  }
}

export const keys: readonly KeyView[] = [
  scriptedKey('a1f4', 'laptop', {
    agent: 'opencode',
    models: ['opencodego-router', 'frontier-router', 'mistral-*'],
    budget: { maxNanoUsd: 60 * dollar, duration: 'monthly', spentNanoUsd: 41.2 * dollar, resetsAt: nextMonth },
    rpm: 60,
    tpm: 400_000,
  }),
  scriptedKey('b27c', 'codex', {
    agent: 'codex',
    models: ['gpt-5.5'],
    budget: {
      maxNanoUsd: 5 * dollar,
      duration: 'daily',
      spentNanoUsd: 1.2 * dollar,
      resetsAt: scriptedNow + 34_770_000,
    },
    maxParallel: 4,
  }),
  scriptedKey('c9d0', 'claude', {
    agent: 'claude-code',
    budget: { maxNanoUsd: null, duration: null, spentNanoUsd: 8.63 * dollar, resetsAt: null },
  }),
  scriptedKey('d5e1', 'old-laptop', { blocked: true }),
]
