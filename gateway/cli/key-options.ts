import type { NewKey } from '../contract/keys.ts'
import { CommandFailure } from './command-failure.ts'
import { readDuration } from './duration.ts'

/** What `keys create` and `keys update` say of a key, as text from the command line. */
export interface KeyOptions {
  readonly alias?: string
  /** Comma-separated model names, access groups and patterns. */
  readonly models?: string
  /** `30d`. */
  readonly expires?: string
  readonly agent?: string
  readonly user?: string
  readonly team?: string
  /** Comma-separated. */
  readonly tags?: string
  /** USD. */
  readonly maxBudget?: string
  readonly softBudget?: string
  readonly budgetDuration?: string
  readonly rpm?: string
  readonly tpm?: string
  readonly maxParallel?: string
  readonly onLimit?: string
  readonly unknownPrice?: string
}

/** The fields of the control API that the options name. @throws CommandFailure naming the flag */
export function readKeyOptions(options: KeyOptions): Omit<NewKey, 'kind'> {
  const fields = {
    alias: options.alias,
    models: readList(options.models),
    lifetimeSeconds:
      options.expires === undefined ? undefined : Math.ceil(readDuration(options.expires, '--expires') / 1000),
    agent: options.agent,
    userId: options.user,
    teamId: options.team,
    tags: readList(options.tags),
    maxBudgetUsd: readNumber(options.maxBudget, '--max-budget', 'an amount in USD such as 5 or 0.50'),
    softBudgetUsd: readNumber(options.softBudget, '--soft-budget', 'an amount in USD such as 5 or 0.50'),
    budgetDuration: options.budgetDuration,
    rpm: readCount(options.rpm, '--rpm'),
    tpm: readCount(options.tpm, '--tpm'),
    maxParallel: readCount(options.maxParallel, '--max-parallel'),
    onLimit: readWord(options.onLimit, '--on-limit', ['block', 'downgrade'] as const),
    unknownPrice: readWord(options.unknownPrice, '--unknown-price', ['refuse', 'allow'] as const),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function readList(text: string | undefined): string[] | undefined {
  return text?.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
}

function readNumber(text: string | undefined, flag: string, wanted: string): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}(?:\.\d{1,9})?$/u.test(text.trim())) return Number(text)
  throw new CommandFailure(`${flag} is ${JSON.stringify(text)}, and must be ${wanted}.`)
}

function readCount(text: string | undefined, flag: string): number | undefined {
  if (text === undefined || /^\d{1,12}$/u.test(text.trim())) return text === undefined ? undefined : Number(text)
  throw new CommandFailure(`${flag} is ${JSON.stringify(text)}, and must be a whole number.`)
}

function readWord<Word extends string>(
  text: string | undefined,
  flag: string,
  words: readonly Word[],
): Word | undefined {
  if (text === undefined) return undefined
  const found = words.find((word) => word === text)
  if (found !== undefined) return found
  throw new CommandFailure(`${flag} is ${JSON.stringify(text)}, and must be ${words.join(' or ')}.`)
}
