import type { GatewayConfig } from './gateway-config.ts'
import { collectNames, compileAliases } from './compile/collect-names.ts'
import { compileBudgets } from './compile/compile-budgets.ts'
import type { CompileContext } from './compile/compile-context.ts'
import { compileBackends } from './compile/compile-backends.ts'
import { compileCooldown, compileRetryPolicy } from './compile/compile-delivery.ts'
import { compileFallbacks, compileOtherFallbacks } from './compile/compile-fallbacks.ts'
import { compileModels } from './compile/compile-models.ts'
import { compileProviders } from './compile/compile-providers.ts'
import { compileRoles } from './compile/compile-roles.ts'
import { compileMasterKey, compileSignalbox } from './compile/compile-settings.ts'
import { checkOptionalChecks, checkTags, compileStrategy, compileTagFiltering } from './compile/compile-strategy.ts'
import { compileTraces } from './compile/compile-traces.ts'
import { configRevision } from './revision.ts'
import type { ConfigFile } from './schema/config-file.ts'
import type { SourceNode } from './source/source-tree.ts'

const defaultNumRetries = 2
const defaultMaxFallbacks = 5

/** Makes the compiled configuration of a file that was read; `path` is the file's absolute path. */
export function compileConfig(
  path: string,
  file: ConfigFile,
  root: SourceNode | undefined,
  context: CompileContext,
): GatewayConfig {
  const names = collectNames(root, context)
  const aliases = compileAliases(file, names, context)
  const models = compileModels(file, names, aliases, context)
  const router = file.router_settings
  const general = file.litellm_settings
  checkOptionalChecks(file, context)
  checkTags([...models.groups.values()].flat(), file, context)
  const config: Omit<GatewayConfig, 'revision'> = {
    path,
    modelNames: models.modelNames,
    groups: models.groups,
    routers: models.routers,
    aliases,
    roles: compileRoles(file, models.declared, context),
    providers: compileProviders(context),
    fallbacks: compileFallbacks(file, models.declared, context),
    contextWindowFallbacks: compileOtherFallbacks(file, 'context_window_fallbacks', models.declared, context),
    contentPolicyFallbacks: compileOtherFallbacks(file, 'content_policy_fallbacks', models.declared, context),
    maxFallbacks: router?.max_fallbacks ?? defaultMaxFallbacks,
    numRetries: router?.num_retries ?? general?.num_retries ?? defaultNumRetries,
    retryPolicy: compileRetryPolicy(file, models.declared, context),
    routing: compileStrategy(file, context),
    cooldown: compileCooldown(file),
    tagFiltering: compileTagFiltering(file),
    preCallChecks: router?.enable_pre_call_checks ?? true,
    budgets: compileBudgets(file, context),
    masterKey: compileMasterKey(file, context),
    ...compileSignalbox(file, context),
    backends: compileBackends(file, context),
    dropParams: general?.drop_params ?? false,
    traces: compileTraces(file, context),
  }
  return { ...config, revision: configRevision(config) }
}
