import type { KeyReference, ServerSettings, SignalboxSettings } from '../gateway-config.ts'
import type { ConfigFile } from '../schema/config-file.ts'
import { entryOf } from '../source/source-tree.ts'
import { compileCache } from './compile-cache.ts'
import { type CompileContext, locateItem } from './compile-context.ts'
import type { TimeoutSettings } from './compile-deadlines.ts'
import { compileDelivery } from './compile-delivery.ts'
import { readWrittenKey } from './compile-key.ts'
import { compilePriceRefresh, compileRetention } from './compile-ledger.ts'

const megabyte = 1024 * 1024
const defaultBodyLimitMb = 64

/** The master key: as the file names it, `none` when it does not. */
export function compileMasterKey(file: ConfigFile, context: CompileContext): KeyReference {
  const owner = file.general_settings
  const node = owner === undefined ? undefined : context.reader.nodeOf(owner)
  return readWrittenKey(entryOf(node, 'master_key')?.node, context) ?? { kind: 'none' }
}

/** Our own block, with its defaults. */
export function compileSignalbox(
  file: ConfigFile,
  context: CompileContext,
): { server: ServerSettings; signalbox: SignalboxSettings } {
  const block = file.signalbox
  return {
    server: { port: block?.port, host: block?.host },
    signalbox: {
      allowedHosts: allowedHosts(block?.allowed_hosts ?? [], context),
      allowDockerHost: block?.allow_docker_host ?? false,
      discovery: block?.discovery ?? 'loopback',
      demo: block?.demo ?? 'on',
      agentResync: block?.agents?.resync ?? 'on',
      restoreAgentsOnQuit: block?.agents?.restore_on_quit ?? false,
      toolValidation: block?.tool_validation ?? 'warn',
      thinkTags: block?.think_tags ?? 'read',
      ...compileDelivery(file),
      cache: compileCache(file, context),
      retention: compileRetention(file, context),
      priceRefresh: compilePriceRefresh(file, context),
      bodyLimitBytes: Math.max(1, Math.floor((block?.body_limit_mb ?? defaultBodyLimitMb) * megabyte)),
    },
  }
}

function allowedHosts(written: readonly string[], context: CompileContext): string[] {
  return written.flatMap((host, index) => {
    const name = host.trim().toLowerCase()
    if (
      /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[?[0-9a-f:.]*:[0-9a-f:.]*\]?)$/.test(name) &&
      !/^[^[]*\.\w+:\d+$|^[^:[]+:\d+$/.test(name)
    ) {
      return [name.replace(/^\[(.*)\]$/, '$1')]
    }
    const wanted = 'a host name such as box.example.org, without scheme, port and path'
    context.problems.error({
      ...locateItem(context, written, index),
      message: `allowed_hosts has ${JSON.stringify(host.slice(0, 80))}, must be ${wanted}`,
      seen: host.slice(0, 80),
      wanted,
    })
    return []
  })
}

/** Timeouts for all deployments, nearest first, in seconds. */
export function generalTimeouts(file: ConfigFile): TimeoutSettings[] {
  const { router_settings: router, litellm_settings: general } = file
  return [
    { timeout: router?.timeout, streamTimeout: router?.stream_timeout },
    { timeout: general?.request_timeout, streamTimeout: general?.stream_timeout },
  ]
}
