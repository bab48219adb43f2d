import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { KeyList } from '../../gateway/contract/keys.ts'
import type { RequestView } from '../../gateway/contract/requests.ts'
import { type GatewayProcess, startGatewayProcess } from '../doubles/gateway-process.ts'
import { type RecordedRequest, startUpstream, type Upstream } from '../doubles/upstream-server.ts'
import { type ClosedProxy, startClosedProxy } from './closed-proxy.ts'

const entry = join(import.meta.dirname, '..', '..', 'gateway', 'cli.ts')

/** The gateway that agents are connected with by `signalbox export`, before one scripted upstream. */
export interface ExportedGateway {
  readonly upstream: Upstream
  readonly proxy: ClosedProxy
  /** `signalbox export <agent> …` as the owner of that home. @throws when it fails, with what it printed */
  export(home: string, binaries: readonly string[], ...argv: readonly string[]): Promise<string>
  /** Rows of the ledger, oldest first, that a key made for this agent asked for. */
  rows(agent: string): Promise<RequestView[]>
  revoke(agent: string): Promise<void>
  close(): Promise<void>
}

export async function startExportedGateway(): Promise<ExportedGateway> {
  const upstream = await startUpstream()
  const proxy = await startClosedProxy()
  const gateway = await startGatewayProcess({ config: exportedConfig(upstream) })
  const control = (path: string, init: RequestInit = {}): Promise<Response> =>
    gateway.request(path, { ...init, key: gateway.controlToken })
  return {
    upstream,
    proxy,
    export: (home, binaries, ...argv) => runExport(gateway, home, binaries, argv),
    rows: async (agent) => (await gateway.recorded()).filter(({ keyAlias }) => keyAlias === agent).toReversed(),
    async revoke(agent) {
      const { keys } = (await (await control('/api/keys')).json()) as KeyList
      const own = keys.filter((key) => key.agent === agent)
      if (own.length === 0) throw new Error(`no key is made for ${agent}`)
      for (const { id } of own) await control(`/api/keys/${id}`, { method: 'DELETE' })
    },
    close: async () => {
      await gateway.remove()
      await proxy.close()
      await upstream.close()
    },
  }
}

/** Agents ask for a title, or what to remember, without any tool. */
export function isMain({ json }: RecordedRequest): boolean {
  return json?.tools !== undefined
}

function runExport(
  gateway: GatewayProcess,
  home: string,
  binaries: readonly string[],
  argv: readonly string[],
): Promise<string> {
  const PATH = [...binaries, process.env.PATH ?? ''].join(process.platform === 'win32' ? ';' : ':')
  const env = { PATH, HOME: home, USERPROFILE: home, SIGNALBOX_KEYCHAIN: '0' }
  const flags = [entry, 'export', ...argv, '--data-dir', gateway.folder.dataDir]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, flags, { env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`export ${argv.join(' ')}: ${stdout}${stderr}`))
    })
  })
}

/** Two routers, so that a test can tell which one was meant, and a table of roles. */
function exportedConfig(upstream: Upstream): string {
  return `
model_list:
  - model_name: other-router
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config: { tiers: { SIMPLE: strong } }
  - model_name: coding-router
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config: { tiers: { SIMPLE: quick, MEDIUM: quick, COMPLEX: strong, REASONING: strong } }
  - model_name: quick
    litellm_params: { model: openai/quick-upstream, api_base: "${upstream.url}", api_key: upstream-key }
    model_info: { max_input_tokens: 200000, max_output_tokens: 32000 }
  - model_name: strong
    litellm_params: { model: openai/strong-upstream, api_base: "${upstream.url}", api_key: upstream-key }
    model_info: { max_input_tokens: 200000, max_output_tokens: 32000 }
signalbox:
  roles: { sisyphus: coding-router, oracle: strong }
  categories: { quick: quick, deep: { model: other-router, fallbacks: quick } }
`
}
