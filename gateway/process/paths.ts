import { join, resolve } from 'node:path'
import { gatewayFileName } from '../contract/gateway-file.ts'

export interface PathInputs {
  /** `--config` as written. */
  readonly config: string | undefined
  /** `--data-dir` as written. */
  readonly dataDir: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What relative paths are relative to. */
  readonly workingDirectory: string
  /** The platform's own places. */
  readonly platform: PlatformDirectories
}

export interface PlatformDirectories {
  readonly config: string
  readonly data: string
}

/** Every path absolute. */
export interface GatewayPaths {
  readonly configPath: string
  /** Whether someone named the config file: a named one must exist, the default one is written at first start. */
  readonly configNamed: boolean
  readonly dataDir: string
  readonly gatewayFilePath: string
  readonly databasePath: string
}

export const configFileName = 'config.yaml'

/**
 * Decides where everything lies. A data directory (`--data-dir`, else SIGNALBOX_DATA_DIR) holds all, the config file
 * included; without one the platform's places serve. `--config` moves the config file only.
 */
export function resolvePaths(inputs: PathInputs): GatewayPaths {
  const variable = inputs.environment['SIGNALBOX_DATA_DIR']
  const given = inputs.dataDir ?? (variable === '' ? undefined : variable)
  const dataDir = given === undefined ? inputs.platform.data : resolve(inputs.workingDirectory, given)
  const configDir = given === undefined ? inputs.platform.config : dataDir
  return {
    configPath:
      inputs.config === undefined ? join(configDir, configFileName) : resolve(inputs.workingDirectory, inputs.config),
    configNamed: inputs.config !== undefined,
    dataDir,
    gatewayFilePath: join(dataDir, gatewayFileName),
    databasePath: join(dataDir, 'signalbox.db'),
  }
}
