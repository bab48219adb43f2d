import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type ComposeStack, fillIn, readCompose, readEnvFile } from '../../config/import/read-compose.ts'
import { CommandFailure } from '../command-failure.ts'

/** A stack as it lies in a folder. */
export interface StackFolder {
  readonly folder: string
  readonly composePath: string | undefined
  readonly configPath: string
  readonly providersPath: string | undefined
  readonly envPaths: readonly string[]
  /** Values of its variables, for the container. Holds secrets. */
  readonly values: ReadonlyMap<string, string>
  readonly port: number | undefined
  readonly otherServices: readonly string[]
}

const composeNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']
const configNames = ['litellm_config.yaml', 'litellm_config.yml', 'litellm-config.yaml', 'config.yaml', 'config.yml']

/** Finds what belongs to a LiteLLM stack. Reads only. @throws CommandFailure when there is no folder or no config in it */
export function readStackFolder(folder: string): StackFolder {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new CommandFailure(
      `${folder} is no folder. Name the one that holds docker-compose.yaml or litellm_config.yaml.`,
    )
  }
  const composePath = firstFile(folder, composeNames)
  const compose = composePath === undefined ? undefined : readCompose(readFileSync(composePath, 'utf8'))
  const configPath = configOf(folder, compose)
  const envPaths = ['.env', ...(compose?.envFiles ?? [])]
    .map((name) => resolve(folder, name))
    .filter((path, index, all) => existsSync(path) && all.indexOf(path) === index)
  const written = new Map(envPaths.flatMap((path) => [...readEnvFile(readFileSync(path, 'utf8'))]))
  const inContainer = fillIn(compose?.environment ?? new Map(), written)
  return {
    folder,
    composePath: compose === undefined ? undefined : composePath,
    configPath,
    providersPath: mountedOr(folder, compose?.providersPath, 'providers.json'),
    envPaths,
    values: new Map([...written, ...inContainer]),
    port: compose?.port,
    otherServices: compose?.otherServices ?? [],
  }
}

function configOf(folder: string, compose: ComposeStack | undefined): string {
  const mounted = compose?.configPath === undefined ? undefined : resolve(folder, compose.configPath)
  if (mounted !== undefined && existsSync(mounted)) return mounted
  const found = firstFile(folder, configNames)
  if (found !== undefined) return found
  const why = mounted === undefined ? '' : ` The Compose file mounts ${mounted}, which is not there.`
  throw new CommandFailure(`There is no ${configNames[0]} in ${folder}.${why} Nothing was changed.`)
}

function mountedOr(folder: string, mounted: string | undefined, name: string): string | undefined {
  return [mounted, name]
    .flatMap((path) => (path === undefined ? [] : [resolve(folder, path)]))
    .find((path) => existsSync(path))
}

function firstFile(folder: string, names: readonly string[]): string | undefined {
  return names.map((name) => join(folder, name)).find((path) => existsSync(path))
}
