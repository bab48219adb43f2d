import type { ImportPlan } from '../../config/import/plan-import.ts'
import type { StackFolder } from './read-stack.ts'

/** What stood in the place of our config: nothing, the file that we write ourselves, what the import writes, or somebody's own. */
export type TargetState = 'absent' | 'default' | 'same' | 'foreign'

/** Which keys the keychain took. */
export interface KeptSecrets {
  readonly stored: readonly string[]
  readonly failed: readonly string[]
  /** Why, once for all of them. */
  readonly reason: string | undefined
}

export interface ImportReport {
  readonly stack: StackFolder
  readonly plan: ImportPlan
  /** Our config file. */
  readonly target: string
  readonly state: TargetState
  readonly dryRun: boolean
  /** Undefined in a dry run. */
  readonly kept: KeptSecrets | undefined
  readonly backup: string | undefined
}

/** What an import did and what it left, for people. Names of variables only, never a value. Pure. */
export function reportLines(report: ImportReport): string[] {
  const { stack, plan, dryRun } = report
  return [
    dryRun ? 'This is what an import would do. Nothing was changed.' : `Took over ${stack.folder}.`,
    '',
    ...configLines(report),
    ...keyLines(report),
    ...plan.unset.map((name) => `  not set    ${name}: the config refers to it, the stack has no value`),
    ...plan.left.map(({ name, why }) => `  left       ${name}: ${why}`),
    ...stack.otherServices.map((name) => `  left       service ${name}: not needed any more`),
    '',
    ...closing(report),
  ]
}

function configLines({ stack, plan, target, state, backup }: ImportReport): string[] {
  const lines = [`  config     ${target}${state === 'same' ? ' (the same already)' : `, from ${stack.configPath}`}`]
  for (const sentence of plan.added) lines.push(`             added ${sentence}`)
  if (backup !== undefined) lines.push(`             the one before is ${backup}`)
  if (stack.providersPath !== undefined) lines.push(`  providers  ${stack.providersPath}`)
  return lines
}

function keyLines({ plan, kept, dryRun }: ImportReport): string[] {
  if (dryRun) return [...plan.secrets.keys()].map((name) => `  keychain   ${name}`)
  const lines = (kept?.stored ?? []).map((name) => `  keychain   ${name}`)
  for (const name of kept?.failed ?? []) lines.push(`  NOT KEPT   ${name}`)
  return lines
}

function closing({ kept, stack, dryRun }: ImportReport): string[] {
  if (dryRun) return ['Run it again without --dry-run.']
  const lines: string[] = []
  if (kept !== undefined && kept.failed.length > 0) {
    lines.push(`The keychain did not take the keys. ${kept.reason ?? ''}`.trim())
    lines.push(
      'Set these variables in the environment of the gateway instead, unlock the keychain and import again, or enter them at Settings, Secrets.',
    )
  }
  lines.push(
    `Nothing was deleted: ${stack.folder} is as it was. Stop its containers before the gateway starts, since both want the port.`,
  )
  lines.push('Spend and keys in its database are not taken over: make keys with `keys create`.')
  return lines
}
