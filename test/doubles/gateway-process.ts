import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GatewayFile, gatewayFileName } from '../../gateway/contract/gateway-file.ts'
import type { RequestList, RequestView } from '../../gateway/contract/requests.ts'
import { bundledEntry } from './gateway-bundle.ts'

/** The key every test gateway is started with unless its environment says otherwise. */
export const testMasterKey = 'sk-test-master-key-0123456789abcdef'

export interface GatewayProcessOptions {
  /** Text of config.yaml; without it the gateway writes its own default. */
  readonly config?: string
  /** More files beside config.yaml, by name. */
  readonly files?: Readonly<Record<string, string>>
  /** Added to a small environment that holds nothing of the machine's own keys or folders; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly flags?: readonly string[]
  /** The script to start: the gateway in a bundle unless given, its sources, or what `npm start` runs. */
  readonly entry?: 'gateway/process.ts' | 'main/start.ts'
  /** Words before the command, to start it elsewhere: `ip netns exec <name>`. Its URL is then only good in that place. */
  readonly launcher?: readonly string[]
  /** A folder with config and data of an earlier process; a new one unless given. */
  readonly folder?: GatewayFolder
}

/** Where one test gateway lives: its config, its data and a home of its own. */
export interface GatewayFolder {
  readonly path: string
  readonly configPath: string
  readonly dataDir: string
  readonly home: string
  remove(): void
}

export interface GatewayExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Standard output and standard error together, in order of arrival. */
  readonly output: string
}

export interface GatewayProcess {
  /** `http://127.0.0.1:N`. */
  readonly url: string
  readonly masterKey: string
  /** What commands use: all of `/api/*`. */
  readonly controlToken: string
  readonly pid: number
  readonly folder: GatewayFolder
  /** Everything printed so far. */
  output(): string
  /** Replaces config.yaml in place. */
  writeConfig(text: string): void
  /** Sends a request with the master key; `key: undefined` sends none. */
  request(path: string, init?: RequestInit & { readonly key?: string | undefined }): Promise<Response>
  /** The newest requests as `GET /api/requests` shows them, newest first. */
  recorded(limit?: number): Promise<RequestView[]>
  /** Sends the signal and waits for the end. The folder stays. */
  kill(signal: NodeJS.Signals): Promise<GatewayExit>
  /** Ends the process if it runs (SIGTERM, SIGKILL after 5 s) and removes the folder. */
  remove(): Promise<void>
}

const root = join(import.meta.dirname, '..', '..')
const startDeadlineMs = 45_000

/** A fresh folder below the system's temporary folder. */
export function createGatewayFolder(options: Pick<GatewayProcessOptions, 'config' | 'files'> = {}): GatewayFolder {
  const path = mkdtempSync(join(tmpdir(), 'signalbox-test-'))
  const folder: GatewayFolder = {
    path,
    configPath: join(path, 'config', 'config.yaml'),
    dataDir: join(path, 'data'),
    home: join(path, 'home'),
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }),
  }
  mkdirSync(join(path, 'config'))
  mkdirSync(folder.home)
  for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(path, 'config', name), text)
  if (options.config !== undefined) writeFileSync(folder.configPath, options.config)
  return folder
}

/**
 * Starts the real gateway on a free port with the Node that runs the tests and waits for its `listening on` line.
 * Throws with everything it printed when it ends or stays silent for 45 s instead.
 */
export async function startGatewayProcess(options: GatewayProcessOptions = {}): Promise<GatewayProcess> {
  const folder = options.folder ?? createGatewayFolder(options)
  const entry = await entryOf(options)
  const environment = childEnvironment(folder, options)
  const running = spawnNode(entry, gatewayFlags(folder, options), environment, options.launcher)
  const url = await Promise.race([
    running.printed(/listening on (http:\/\/\S+)/),
    running.exited.then((exit) => {
      throw new Error(`The gateway ended with code ${exit.code} before it listened:\n${exit.output}`)
    }),
  ]).catch(async (error: unknown) => {
    running.child.kill('SIGKILL')
    await running.exited
    if (options.folder === undefined) folder.remove()
    throw error
  })
  const masterKey = options.environment?.LITELLM_MASTER_KEY ?? testMasterKey
  const gatewayFile = JSON.parse(readFileSync(join(folder.dataDir, gatewayFileName), 'utf8')) as GatewayFile

  return {
    url,
    masterKey,
    controlToken: gatewayFile.controlToken,
    pid: running.child.pid ?? -1,
    folder,
    output: () => running.output(),
    writeConfig: (text) => writeFileSync(folder.configPath, text),
    request: (path, init = {}) => requestWithKey(url + path, 'key' in init ? init.key : masterKey, init),
    recorded: async (limit = 200) => {
      const response = await requestWithKey(`${url}/api/requests?limit=${limit}`, masterKey, {})
      if (!response.ok) throw new Error(`GET /api/requests answered ${response.status}: ${await response.text()}`)
      return ((await response.json()) as RequestList).requests
    },
    kill: (signal) => {
      running.child.kill(signal)
      return running.exited
    },
    remove: async () => {
      await endProcess(running)
      folder.remove()
    },
  }
}

/** Starts the gateway where it is expected to end by itself, and gives its exit code and words. */
export async function runGatewayToItsEnd(options: GatewayProcessOptions = {}): Promise<GatewayExit> {
  const folder = options.folder ?? createGatewayFolder(options)
  const exit = await runToEnd(await entryOf(options), gatewayFlags(folder, options), childEnvironment(folder, options))
  if (options.folder === undefined) folder.remove()
  return exit
}

/** Runs `signalbox <command>` beside a gateway's folder. */
export async function runCommand(
  folder: GatewayFolder,
  command: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<GatewayExit> {
  const variables = childEnvironment(folder, { environment: { SIGNALBOX_DATA_DIR: folder.dataDir, ...environment } })
  return runToEnd(await bundledEntry('gateway/cli.ts'), command, variables)
}

function entryOf({ entry }: Pick<GatewayProcessOptions, 'entry'>): Promise<string> {
  return entry === undefined ? bundledEntry('gateway/process.ts') : Promise.resolve(join(root, entry))
}

function gatewayFlags(folder: GatewayFolder, options: GatewayProcessOptions): string[] {
  const place = ['--config', folder.configPath, '--data-dir', folder.dataDir]
  const port = options.flags?.includes('--port') === true ? [] : ['--port', '0']
  return [...place, ...port, ...(options.flags ?? [])]
}

/** Only what a process needs to start: no key, proxy, session bus or folder of the machine reaches a test gateway. */
function childEnvironment(folder: GatewayFolder, options: Pick<GatewayProcessOptions, 'environment'>) {
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: folder.home,
    USERPROFILE: folder.home,
    TMPDIR: process.env.TMPDIR ?? tmpdir(),
    LANG: 'C.UTF-8',
    SIGNALBOX_DISCOVER: '0',
    // A person's keychain is none of a test's business.
    SIGNALBOX_KEYCHAIN: '0',
    LITELLM_MASTER_KEY: testMasterKey,
  }
  if (process.env.SystemRoot !== undefined) environment.SystemRoot = process.env.SystemRoot
  for (const [name, value] of Object.entries(options.environment ?? {})) {
    if (value === undefined) delete environment[name]
    else environment[name] = value
  }
  return environment
}

interface RunningNode {
  readonly child: ChildProcess
  readonly exited: Promise<GatewayExit>
  output(): string
  /** The first group of the pattern as soon as the output holds it. */
  printed(pattern: RegExp): Promise<string>
}

function spawnNode(
  file: string,
  flags: readonly string[],
  environment: Record<string, string>,
  launcher: readonly string[] = [],
): RunningNode {
  const [command = process.execPath, ...words] = [...launcher, process.execPath, file, ...flags]
  const child = spawn(command, words, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const look of waiting) look()
    })
  }
  const exited = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    output,
  }))
  const printed = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const stopLooking = (): void => {
        clearTimeout(deadline)
        waiting.delete(look)
      }
      const deadline = setTimeout(() => {
        stopLooking()
        reject(new Error(`${file} did not print ${pattern} within ${startDeadlineMs} ms:\n${output}`))
      }, startDeadlineMs)
      const look = (): void => {
        const match = pattern.exec(output)
        if (match === null) return
        stopLooking()
        resolve(match[1] ?? match[0])
      }
      waiting.add(look)
      child.once('close', stopLooking)
      look()
    })
  return { child, exited, output: () => output, printed }
}

async function runToEnd(file: string, flags: readonly string[], environment: Record<string, string>) {
  const running = spawnNode(file, flags, environment)
  const deadline = setTimeout(() => running.child.kill('SIGKILL'), startDeadlineMs)
  const exit = await running.exited
  clearTimeout(deadline)
  return exit
}

async function endProcess(running: RunningNode): Promise<void> {
  if (running.child.exitCode !== null || running.child.signalCode !== null) return
  running.child.kill('SIGTERM')
  const deadline = setTimeout(() => running.child.kill('SIGKILL'), 5_000)
  await running.exited
  clearTimeout(deadline)
}

function requestWithKey(url: string, key: string | undefined, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers)
  if (key !== undefined && !headers.has('authorization')) headers.set('authorization', `Bearer ${key}`)
  // fetch gives a form its type with the boundary in it.
  if (
    init.body !== undefined &&
    init.body !== null &&
    !(init.body instanceof FormData) &&
    !headers.has('content-type')
  ) {
    headers.set('content-type', 'application/json')
  }
  return fetch(url, { ...init, headers })
}
