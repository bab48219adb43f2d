import type { KeyChange, KeyView, NewKey } from '../contract.ts'
import { strings } from '../strings.ts'

/** The form of a key as it is typed. */
export interface KeyTyped {
  readonly alias: string
  readonly agent: string
  /** One name a line. */
  readonly models: string
  /** US dollars. */
  readonly budget: string
  readonly duration: string
  readonly rpm: string
  readonly tpm: string
  readonly maxParallel: string
  readonly onLimit: string
  /** Days from now; only for a new key. */
  readonly days: string
}

export type KeyProblems = Partial<Record<keyof KeyTyped, string>>

export type ReadKey =
  | { readonly problems: KeyProblems; readonly key?: undefined }
  | { readonly problems?: undefined; readonly key: NewKey & KeyChange }

const nanoPerDollar = 1_000_000_000
const mostDays = 36_500
const onLimits = ['block', 'downgrade'] as const

export const emptyKey: KeyTyped = {
  alias: '',
  agent: '',
  models: '',
  budget: '',
  duration: '',
  rpm: '',
  tpm: '',
  maxParallel: '',
  onLimit: '',
  days: '',
}

/** The form of a key that exists. */
export function typedOf(key: KeyView): KeyTyped {
  const { maxNanoUsd, duration } = key.budget
  const count = (value: number | null) => (value === null ? '' : String(value))
  return {
    alias: key.alias ?? '',
    agent: key.agent ?? '',
    models: key.models.join('\n'),
    budget: maxNanoUsd === null ? '' : String(maxNanoUsd / nanoPerDollar),
    duration: duration ?? '',
    rpm: count(key.rpm),
    tpm: count(key.tpm),
    maxParallel: count(key.maxParallel),
    onLimit: key.onLimit ?? '',
    days: '',
  }
}

/**
 * Reads the form into what the gateway takes, or into what is wrong per field. What is empty is null: no value. `others`
 * are the names that are taken.
 */
export function readKeyForm(typed: KeyTyped, others: readonly string[]): ReadKey {
  const words = strings.keysPage.problems
  const problems: { -readonly [Name in keyof KeyProblems]: string } = {}
  const count = (name: 'rpm' | 'tpm' | 'maxParallel') => {
    const text = plainNumber(typed[name])
    if (text === '') return null
    if (!/^\d{1,12}$/u.test(text)) problems[name] = words.count(typed[name])
    return Number(text)
  }
  const alias = textOrNull(typed.alias)
  if (alias !== null && others.includes(alias)) problems.alias = words.alias(alias)
  const maxBudgetUsd = readBudget(typed.budget)
  if (Number.isNaN(maxBudgetUsd)) problems.budget = words.budget(typed.budget)
  const days = plainNumber(typed.days)
  const daysWrong = days !== '' && !(/^\d{1,5}$/u.test(days) && Number(days) >= 1 && Number(days) <= mostDays)
  if (daysWrong) problems.days = words.days(typed.days)
  const key = {
    alias,
    agent: textOrNull(typed.agent),
    models: typed.models.split(/[\n,]/u).flatMap((name) => textOrNull(name) ?? []),
    maxBudgetUsd,
    budgetDuration: textOrNull(typed.duration),
    rpm: count('rpm'),
    tpm: count('tpm'),
    maxParallel: count('maxParallel'),
    onLimit: onLimits.find((choice) => choice === typed.onLimit) ?? null,
    ...(days === '' ? {} : { lifetimeSeconds: Number(days) * 86_400 }),
  }
  return Object.keys(problems).length > 0 ? { problems } : { key }
}

/** US dollars; null for nothing, NaN for what is no amount. */
export function readBudget(typed: string): number | null {
  const text = plainNumber(typed).replace(/^\$/u, '')
  if (text === '') return null
  return /^\d{1,9}(\.\d{1,9})?$/u.test(text) ? Number(text) : Number.NaN
}

/** Without blanks and the commas between thousands, which people copy along. */
function plainNumber(typed: string): string {
  return typed.replaceAll(/[\s\u202f\u00a0]/gu, '').replaceAll(/,(?=\d{3}(\D|$))/gu, '')
}

function textOrNull(text: string): string | null {
  const trimmed = text.trim()
  return trimmed === '' ? null : trimmed
}
