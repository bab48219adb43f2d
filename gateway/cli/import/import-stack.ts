import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { replaceFile } from '../../config/edit/replace-file.ts'
import { EditRefusedError } from '../../config/edit/yaml-edit.ts'
import { formatProblems } from '../../config/format-problems.ts'
import { type ImportPlan, planImport } from '../../config/import/plan-import.ts'
import { loadConfig, readFileIfThere } from '../../config/load-config.ts'
import { resourcePath } from '../../config/package-root.ts'
import { readCatalogue } from '../../config/providers/catalogue.ts'
import { exitCodes } from '../../contract/process-messages.ts'
import { Secret } from '../../model/secret.ts'
import { openSecretStore } from '../../secrets/open-secret-store.ts'
import type { SecretStore } from '../../secrets/secret-store.ts'
import type { CommandContext, CommandResult } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import { type ImportReport, type KeptSecrets, reportLines, type TargetState } from './import-report.ts'
import { readStackFolder, type StackFolder } from './read-stack.ts'

export interface ImportOptions {
  /** Show what would be done and change nothing. */
  readonly dryRun?: boolean
  /** Replace a config that somebody has written; the old one is kept beside it. */
  readonly replace?: boolean
}

/**
 * Takes a LiteLLM stack over: its config and providers.json beside ours, its keys into the keychain. Deletes nothing and
 * changes nothing in the stack's folder. Again with the same stack it finds everything done. Exit code 1 when keys could not be kept.
 * @throws CommandFailure when there is no stack, its config has errors, or a config of one's own stands in its place
 */
export async function importStack(context: CommandContext, folder: string, options: ImportOptions): CommandResult {
  const stack = readStackFolder(resolve(context.workingDirectory, folder))
  const plan = planFor(stack)
  requireGoodConfig(context, stack, plan)
  const target = context.paths.configPath
  const state = stateOf(target, plan.configText)
  if (state === 'foreign' && options.replace !== true) {
    throw new CommandFailure(
      `${target} is there already and is not the stack's. Nothing was changed. --replace keeps it beside the new one.`,
    )
  }
  const dryRun = options.dryRun === true
  const kept = dryRun ? undefined : await keepSecrets(openSecretStore(context.environment), plan.secrets)
  const backup = dryRun ? undefined : writeFiles(stack, plan, target, state)
  const report: ImportReport = { stack, plan, target, state, dryRun, kept, backup }
  if (context.json) await context.print(JSON.stringify(jsonReport(report)))
  else for (const line of reportLines(report)) await context.print(line)
  return (kept?.failed.length ?? 0) > 0 ? 1 : exitCodes.ok
}

function planFor(stack: StackFolder): ImportPlan {
  const configText = readFileSync(stack.configPath, 'utf8')
  const { config, missing } = load(stack, configText)
  const namesMasterKey = (config?.masterKey.kind ?? 'none') !== 'none'
  try {
    return planImport({ configText, wanted: missing, values: stack.values, namesMasterKey, port: stack.port })
  } catch (error) {
    if (error instanceof EditRefusedError) throw new CommandFailure(`${stack.configPath}: ${error.message}`)
    throw error
  }
}

/** With no variable set, what the config refers to is what it misses. */
function load(stack: StackFolder, text: string) {
  const providers = join(dirname(stack.configPath), 'providers.json')
  return loadConfig({
    path: stack.configPath,
    lookup: () => undefined,
    catalogue: readCatalogue(),
    readFile: (path) => {
      if (path === stack.configPath) return text
      return path === providers && stack.providersPath !== undefined
        ? readFileIfThere(stack.providersPath)
        : readFileIfThere(path)
    },
  })
}

function requireGoodConfig(context: CommandContext, stack: StackFolder, plan: ImportPlan): void {
  const errors = load(stack, plan.configText).problems.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return
  const text = formatProblems(errors, context.workingDirectory).trimEnd()
  throw new CommandFailure(`${text}\n\nThe stack's config has errors. Nothing was changed.`, exitCodes.badConfig)
}

function stateOf(target: string, text: string): TargetState {
  const there = readFileIfThere(target)
  if (there === undefined) return 'absent'
  if (there === text) return 'same'
  return there === readFileSync(resourcePath('default-config.yaml'), 'utf8') ? 'default' : 'foreign'
}

/** Gives the path of the copy that was made of a config that stood there. */
function writeFiles(stack: StackFolder, plan: ImportPlan, target: string, state: TargetState): string | undefined {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  const backup = state === 'foreign' ? `${target}.before-import-${stamp(new Date())}` : undefined
  if (backup !== undefined) copyFileSync(target, backup)
  const providers = join(dirname(target), 'providers.json')
  if (stack.providersPath !== undefined && resolve(stack.providersPath) !== providers) {
    const text = readFileSync(stack.providersPath, 'utf8')
    const there = readFileIfThere(providers)
    if (there !== undefined && there !== text)
      copyFileSync(providers, `${providers}.before-import-${stamp(new Date())}`)
    if (there !== text) replaceFile(providers, text, { newFileMode: 0o600 })
  }
  if (state !== 'same') replaceFile(target, plan.configText, { newFileMode: 0o600 })
  if (!existsSync(target)) throw new CommandFailure(`${target} could not be written.`)
  return backup
}

function stamp(at: Date): string {
  return at
    .toISOString()
    .replaceAll(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z')
}

async function keepSecrets(store: SecretStore, secrets: ReadonlyMap<string, string>): Promise<KeptSecrets> {
  const stored: string[] = []
  const failed: string[] = []
  let reason: string | undefined
  for (const [name, value] of secrets) {
    try {
      // One that does not answer will not answer for the next ones either.
      if (reason === undefined) {
        await store.set(name, new Secret(value))
        stored.push(name)
      } else failed.push(name)
    } catch (error) {
      failed.push(name)
      reason = error instanceof Error ? error.message : 'The keychain failed.'
    }
  }
  return { stored, failed, reason }
}

function jsonReport({ stack, plan, target, state, dryRun, kept, backup }: ImportReport) {
  return {
    dry_run: dryRun,
    from: { folder: stack.folder, config: stack.configPath, compose: stack.composePath ?? null },
    config: { path: target, was: state, backup: backup ?? null, added: plan.added },
    keys: {
      found: [...plan.secrets.keys()],
      stored: kept?.stored ?? [],
      failed: kept?.failed ?? [],
      unset: plan.unset,
    },
    left: plan.left,
  }
}
