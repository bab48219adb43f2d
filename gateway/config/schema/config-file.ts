import { type Static, Type } from 'typebox'
import { notInThisVersion } from './annotations.ts'
import { BackendsSchema } from './backends.ts'
import { GeneralSettingsSchema } from './general-settings.ts'
import { LitellmSettingsSchema } from './litellm-settings.ts'
import { ModelEntrySchema } from './model-entry.ts'
import { ProviderDefinitionsSchema } from './providers.ts'
import { RouterSettingsSchema } from './router-settings.ts'
import { SignalboxSchema } from './signalbox.ts'

const later = () => Type.Optional(Type.Unknown({ unused: notInThisVersion }))

/** The whole file: LiteLLM's sections and our own `providers`, `backends` and `signalbox`. */
export const ConfigFileSchema = Type.Object({
  model_list: Type.Optional(Type.Array(ModelEntrySchema)),
  router_settings: Type.Optional(RouterSettingsSchema),
  litellm_settings: Type.Optional(LitellmSettingsSchema),
  general_settings: Type.Optional(GeneralSettingsSchema),
  /** Read before everything else: see `source/variables.ts`. */
  environment_variables: Type.Optional(Type.Unknown({ quiet: true })),
  providers: Type.Optional(ProviderDefinitionsSchema),
  backends: Type.Optional(BackendsSchema),
  signalbox: Type.Optional(SignalboxSchema),
  include: Type.Optional(
    Type.Unknown({ unused: 'other files are not included in this version; put their entries in this file' }),
  ),
  credential_list: later(),
  callback_settings: later(),
  guardrails: later(),
  mcp_servers: later(),
  assistant_settings: later(),
  finetune_settings: later(),
  files_settings: later(),
  vector_store_registry: later(),
  search_tools: later(),
  prompts: later(),
})

export type ConfigFile = Static<typeof ConfigFileSchema>
