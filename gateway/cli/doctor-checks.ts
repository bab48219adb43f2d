import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { nodeVersionProblem } from '../node-version.ts'
import { findInstallation } from '../process/installation.ts'
import { whoAnswers } from '../process/gateway-liveness.ts'
import { findPortHolder, portHolderSentence, portRemedy } from '../process/port-holder.ts'
import { countAuthorities } from '../upstream/certificate-authorities.ts'
import { readProxySettings } from '../upstream/proxy-settings.ts'
import { openSecretStore } from '../secrets/open-secret-store.ts'
import type { CommandContext } from './command-context.ts'
import type { Finding } from './doctor.ts'
import type { RunningGateway } from './find-gateway.ts'
import { loadWithKeychain } from './offline-config.ts'

export function checkNode(): Finding {
  const problem = nodeVersionProblem(process.versions.node)
  if (problem === undefined) return { check: 'node', state: 'ok', message: `Node ${process.versions.node}.` }
  return { check: 'node', state: 'error', message: `Node ${process.versions.node} is too old.`, remedy: problem }
}

export async function checkConfig(context: CommandContext): Promise<Finding> {
  const { configPath, configNamed } = context.paths
  if (!configNamed && !existsSync(configPath)) {
    return { check: 'config', state: 'ok', message: `${configPath} is not there yet; the first start writes it.` }
  }
  const { config, problems, missing } = await loadWithKeychain(context)
  if (config === undefined) {
    const errors = problems.filter(({ severity }) => severity === 'error').length
    const remedy = 'Run `npm run cli -- config check`.'
    return { check: 'config', state: 'error', message: `${configPath} has ${errors} errors.`, remedy }
  }
  if (missing.length > 0) {
    const remedy = 'Set them in the environment of the gateway or store them in the keychain.'
    return { check: 'config', state: 'warning', message: `${configPath}: no value for ${missing.join(', ')}.`, remedy }
  }
  return { check: 'config', state: 'ok', message: `${configPath}: ${config.modelNames.length} models and routers.` }
}

export function checkData({ paths }: CommandContext): Finding {
  if (!existsSync(paths.dataDir)) {
    return { check: 'data', state: 'ok', message: `${paths.dataDir} is not there yet; the first start makes it.` }
  }
  try {
    accessSync(paths.dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    const remedy = 'Give this user the right to write there, or use --data-dir.'
    return { check: 'data', state: 'error', message: `${paths.dataDir} cannot be written.`, remedy }
  }
  if (process.platform !== 'win32' && (statSync(paths.dataDir).mode & 0o077) !== 0) {
    const remedy = `Run: chmod 700 ${paths.dataDir}`
    return { check: 'data', state: 'warning', message: `${paths.dataDir} is open to other users.`, remedy }
  }
  return { check: 'data', state: 'ok', message: `${paths.dataDir}.` }
}

export async function checkKeychain({ environment }: CommandContext): Promise<Finding> {
  try {
    await openSecretStore(environment).get('doctor')
    return { check: 'keychain', state: 'ok', message: 'The keychain can be read and written.' }
  } catch (error) {
    const remedy = error instanceof Error ? error.message : 'Give keys as environment variables.'
    return { check: 'keychain', state: 'warning', message: 'The keychain cannot be used.', remedy }
  }
}

export function checkGateway({ paths }: CommandContext, running: RunningGateway | undefined): Finding {
  if (running !== undefined) {
    return { check: 'gateway', state: 'ok', message: `Runs at ${running.file.url} (process ${running.file.pid}).` }
  }
  const remedy = 'Start it with `npm run gateway`.'
  return { check: 'gateway', state: 'warning', message: `None runs on ${paths.dataDir}.`, remedy }
}

/** Whether the port a gateway would take is free. */
export async function checkPort(context: CommandContext): Promise<Finding> {
  const port = (await loadWithKeychain(context)).config?.server.port ?? 4000
  if (port === 0 || (await isFree(port))) return { check: 'port', state: 'ok', message: `Port ${port} is free.` }
  const [holder, answer] = await Promise.all([findPortHolder(port), whoAnswers(`http://127.0.0.1:${port}`)])
  const message = portHolderSentence(port, holder, answer === 'gateway')
  return { check: 'port', state: 'error', message, remedy: portRemedy }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  return promise
}

/** The proxy that upstreams are called through. */
export function checkProxy({ environment }: CommandContext): Finding {
  const { named, problems } = readProxySettings(environment)
  if (problems.length > 0) {
    const remedy = 'Correct the variable in the environment of the gateway, or remove it.'
    return { check: 'proxy', state: 'error', message: problems.join(' '), remedy }
  }
  if (named.length === 0) return { check: 'proxy', state: 'ok', message: 'None: upstreams are called straight.' }
  return { check: 'proxy', state: 'ok', message: `${named.join(', ')}; never for this machine.` }
}

/** Whose certificates are trusted. */
export function checkAuthorities({ environment }: CommandContext): Finding {
  const file = environment['NODE_EXTRA_CA_CERTS']
  if (file !== undefined && file !== '' && !existsSync(file)) {
    const message = `NODE_EXTRA_CA_CERTS names ${file}, which is not there.`
    return { check: 'certificates', state: 'warning', message, remedy: 'Correct the path or remove the variable.' }
  }
  const { own, system } = countAuthorities()
  const theirs =
    system === undefined
      ? 'this Node cannot read those of the system: name a file in NODE_EXTRA_CA_CERTS'
      : `${system} of the system where those do not do`
  return { check: 'certificates', state: 'ok', message: `${own} authorities of Node, ${theirs}.` }
}

export function checkInterface(): Finding {
  if (findInstallation().uiDirectory !== undefined)
    return { check: 'interface', state: 'ok', message: 'The interface is built.' }
  return {
    check: 'interface',
    state: 'warning',
    message: 'The interface is not built.',
    remedy: 'Run `npx vite build`.',
  }
}
