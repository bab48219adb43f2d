import { dirname, join, resolve } from 'node:path'
import type { ConfigProblem } from '../contract/status.ts'
import { type ConfigEditor, createConfigEditor } from './edit/config-editor.ts'
import type { GatewayConfig } from './gateway-config.ts'
import { type ListenAddress, listenAddress } from './listen-address.ts'
import { type LoadedConfig, loadConfig, type LoadOptions } from './load-config.ts'
import { sameSecrets } from './revision.ts'
import { type FileWatchTiming, watchFiles } from './watch/watch-files.ts'

export interface ConfigSourceOptions extends LoadOptions {
  /** False: the file is read once, and again only by `reload`. */
  readonly watch?: boolean | undefined
  readonly timing?: FileWatchTiming | undefined
  /** What the command line sets: the file's own value has no effect then. */
  readonly flags?: Partial<ListenAddress> | undefined
}

/** The running configuration: always a good one, whatever happens to the file. */
export interface ConfigSource {
  readonly current: () => GatewayConfig
  /** Of the last read, in use or not. */
  problems(): readonly ConfigProblem[]
  /** True when the last read had errors and the configuration before it still runs. */
  refused(): boolean
  /** Sentences about changes that need a restart: a port or host other than that of the first read. */
  restartNeeded(): readonly string[]
  /** Variables of the last read that have no value: what the keychain may be asked for. */
  missing(): readonly string[]
  /** Called after each read from then on; `changed` tells whether `current` is another one. Listeners must not throw. */
  onChange(listener: (change: ConfigChange) => void): () => void
  /** Reads the files now, for instance when the keychain has given a key. True when another configuration runs. */
  reload(): boolean
  /** Changes the file; what is written is in effect at once. */
  readonly editor: ConfigEditor
  close(): void
}

export interface ConfigChange {
  readonly config: GatewayConfig
  readonly changed: boolean
  readonly refused: boolean
  /** `backends`: the file is the same; local servers have come, gone or changed. */
  readonly cause?: 'file' | 'backends'
}

/** The first read had errors: there is nothing to run with. The process exits with code 2. */
export class ConfigRefusedError extends Error {
  override readonly name = 'ConfigRefusedError'
  readonly problems: readonly ConfigProblem[]

  constructor(path: string, problems: readonly ConfigProblem[]) {
    const count = problems.filter((problem) => problem.severity === 'error').length
    super(`${path} has ${count === 1 ? 'an error' : `${count} errors`} and cannot be used.`)
    this.problems = problems
  }
}

/** Reads the configuration and follows its changes. Throws ConfigRefusedError when the first read has errors. */
export function createConfigSource(options: ConfigSourceOptions): ConfigSource {
  const path = resolve(options.path)
  const listeners = new Set<(change: ConfigChange) => void>()
  const files = [path, join(dirname(path), 'providers.json')] as const
  // Watched before it is read: an edit during the first read is not lost.
  const watching =
    options.watch === false ? undefined : watchFiles({ paths: files, onChange: reload, timing: options.timing })
  let last: LoadedConfig = loadConfig(options)
  if (last.config === undefined) {
    watching?.close()
    throw new ConfigRefusedError(path, last.problems)
  }
  let current: GatewayConfig = last.config
  const addressOf = ({ server }: GatewayConfig): ListenAddress => listenAddress(options.flags ?? {}, server)
  const started = addressOf(current)
  let sameMeaning = 1

  function reload(): boolean {
    last = loadConfig(options)
    const next = last.config
    const changed = next !== undefined && adopt(next)
    const change = { config: current, changed, refused: next === undefined }
    for (const listener of listeners) listener(change)
    return changed
  }

  function adopt(next: GatewayConfig): boolean {
    const [meaning] = current.revision.split('-')
    if (next.revision !== meaning) {
      sameMeaning = 1
      current = next
      return true
    }
    if (sameSecrets(current, next)) return false
    // Only a key or header changed: the revision does not hold those, and has to differ all the same.
    sameMeaning += 1
    current = { ...next, revision: `${next.revision}-${sameMeaning}` }
    return true
  }

  return {
    current: () => current,
    problems: () => last.problems,
    refused: () => last.config === undefined,
    restartNeeded: () => restartSentences(started, addressOf(current)),
    missing: () => last.missing,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    reload,
    editor: createConfigEditor({ load: options, reload: () => void reload() }),
    close() {
      watching?.close()
      listeners.clear()
    },
  }
}

function restartSentences(started: ListenAddress, now: ListenAddress): string[] {
  return (['port', 'host'] as const)
    .filter((key) => started[key] !== now[key])
    .map((key) => `signalbox.${key} is now ${now[key]} and was ${started[key]} at the start`)
}
