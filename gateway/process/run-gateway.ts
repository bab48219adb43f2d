import { existsSync } from 'node:fs'
import { writeDefaultConfig } from '../config/default-config.ts'
import { formatProblems } from '../config/format-problems.ts'
import type { GatewayFile } from '../contract/gateway-file.ts'
import { exitCodes, type TakenPort } from '../contract/process-messages.ts'
import type { Gateway, StartedGateway } from '../gateway-options.ts'
import { createGateway } from '../index.ts'
import { ListenError } from '../http/listen-error.ts'
import { openLogger, type OpenLogger } from '../logging/open-logger.ts'
import { printError, printLine } from '../logging/terminal.ts'
import { openSecretStore } from '../secrets/open-secret-store.ts'
import { announcementLines, warningLines } from './announcement.ts'
import { failureSentence, sortStartFailure } from './failure.ts'
import { type GatewayFlags, gatewayHelp, readGatewayFlags } from './flags.ts'
import { nextFreePort } from './free-port.ts'
import { readDiscovery } from './discovery-switch.ts'
import { claimGatewayFile, DataDirectoryInUse, type GatewayFileClaim } from './gateway-file.ts'
import { judgeLiveness, machineQuestions, whoAnswers } from './gateway-liveness.ts'
import { findInstallation, type Installation } from './installation.ts'
import { findParentChannel, type ParentChannel } from './parent-channel.ts'
import { type GatewayPaths, resolvePaths } from './paths.ts'
import { platformDirectories } from './platform-directories.ts'
import { findPortHolder, portTakenSentence } from './port-holder.ts'
import { listenForStop, type StopRequest, type StopRequests } from './stop-request.ts'
import { settleWithin } from './settle-within.ts'

/** Everything one run of the process shares. */
interface Run {
  readonly flags: GatewayFlags
  readonly paths: GatewayPaths
  readonly installation: Installation
  readonly parent: ParentChannel | undefined
  readonly log: OpenLogger
  readonly stops: StopRequests
}

/**
 * Runs the gateway until it is told to stop and gives the exit code of contract/process-messages.ts. Prints to standard
 * output what scripts read, everything else to standard error, and tells a parent process the same in messages.
 */
export async function runGateway(argv: readonly string[]): Promise<number> {
  const flags = readGatewayFlags(argv)
  const installation = findInstallation()
  if (flags.action !== 'run') {
    printLine(flags.action === 'help' ? gatewayHelp.trimEnd() : installation.version)
    return exitCodes.ok
  }
  const parent = findParentChannel()
  if (flags.problems.length > 0) return refuse(parent, exitCodes.badConfig, flags.problems.join('\n'))
  const paths = resolvePaths({
    ...flags,
    environment: process.env,
    workingDirectory: process.cwd(),
    platform: platformDirectories(),
  })
  const startedAt = Date.now()
  let claim: GatewayFileClaim
  try {
    claim = await claimDataDirectory(paths, installation, startedAt)
  } catch (error) {
    const message = error instanceof DataDirectoryInUse ? error.message : failureSentence(error)
    return refuse(parent, exitCodes.crash, message)
  }
  const stops = listenForStop(parent, () => {
    claim.release()
    process.exit(exitCodes.crash)
  })
  const log = openLogger(paths.dataDir, process.env['SIGNALBOX_LOG_LEVEL'])
  try {
    return await serve({ flags, paths, installation, parent, log, stops }, claim, startedAt)
  } finally {
    claim.release()
    stops.dispose()
    log.close()
  }
}

function claimDataDirectory(
  paths: GatewayPaths,
  installation: Installation,
  startedAt: number,
): Promise<GatewayFileClaim> {
  const entry: GatewayFile = { pid: process.pid, url: '', controlToken: '', version: installation.version, startedAt }
  return claimGatewayFile({
    path: paths.gatewayFilePath,
    entry,
    liveness: (file) => judgeLiveness(file, machineQuestions),
  })
}

async function serve(run: Run, claim: GatewayFileClaim, startedAt: number): Promise<number> {
  const missing = await ensureConfig(run.paths)
  if (missing !== undefined) return refuse(run.parent, exitCodes.badConfig, missing)
  const gateway = buildGateway(run)
  let started: StartedGateway
  try {
    started = await gateway.start()
  } catch (error) {
    return refuseStart(run, gateway, error)
  }
  const { url, controlToken } = started
  claim.publish({ pid: process.pid, url, controlToken, version: run.installation.version, startedAt })
  await announce(run, gateway, started)
  return stopGateway(run, gateway, await run.stops.first)
}

/**
 * Writes the commented default at the first start. On data that a gateway has used before, a config file that was named
 * and is not there is a slip: a sentence is given then.
 */
async function ensureConfig(paths: GatewayPaths): Promise<string | undefined> {
  if (existsSync(paths.configPath)) return undefined
  if (paths.configNamed && existsSync(paths.databasePath)) {
    return `There is no config file at ${paths.configPath}. Correct --config, or leave it away to use the one of the data directory.`
  }
  await writeDefaultConfig(paths.configPath)
  printError(`note: a new, commented config file was written: ${paths.configPath}`)
  return undefined
}

function buildGateway(run: Run): Gateway {
  return createGateway({
    configPath: run.paths.configPath,
    dataDir: run.paths.dataDir,
    ...(run.flags.port === undefined ? {} : { port: run.flags.port }),
    ...(run.flags.host === undefined ? {} : { host: run.flags.host }),
    version: run.installation.version,
    environment: process.env,
    secretStore: openSecretStore(process.env),
    logger: run.log.logger,
    uiDirectory: run.installation.uiDirectory,
    discovery: readDiscovery(process.env['SIGNALBOX_DISCOVER']),
  })
}

async function announce(run: Run, gateway: Gateway, started: StartedGateway): Promise<void> {
  for (const line of warningLines(gateway.problems(), run.flags.notes)) printError(line)
  const platformData = platformDirectories().data
  const lines = announcementLines({
    started,
    hasInterface: run.installation.uiDirectory !== undefined,
    configPath: run.paths.configPath,
    namedDataDir: run.paths.dataDir === platformData ? undefined : run.paths.dataDir,
  })
  // The link holds a one-time code: under a parent, standard output may end in a log file.
  // In one piece, so that whoever waits for the first line has the others too.
  printLine((run.parent === undefined ? lines : lines.slice(0, 1)).join('\n'))
  await run.parent?.send({ type: 'listening', url: started.url, controlToken: started.controlToken })
}

async function refuseStart(run: Run, gateway: Gateway, thrown: unknown): Promise<number> {
  const problems = gateway.problems()
  const failure = sortStartFailure(thrown, problems)
  if (failure.kind === 'config') return refuse(run.parent, failure.exitCode, formatProblems(problems).trimEnd())
  if (failure.kind === 'port') {
    const port = failure.port ?? run.flags.port ?? 4000
    return refusePort(run, thrown instanceof ListenError ? thrown.host : '127.0.0.1', port)
  }
  run.log.logger.error({ err: thrown }, 'The gateway could not start.')
  return refuse(run.parent, failure.exitCode, failureSentence(thrown, run.log.path))
}

/** Says who has the port and which one is free: to people in a sentence, to the parent also in parts. */
async function refusePort(run: Run, host: string, port: number): Promise<number> {
  const [holder, answer, nextFree] = await Promise.all([
    findPortHolder(port),
    whoAnswers(`http://127.0.0.1:${port}`),
    nextFreePort(host, port),
  ])
  const message = portTakenSentence(port, holder, answer === 'gateway', nextFree)
  const taken: TakenPort = { host, port, holder: holder ?? null, nextFree: nextFree ?? null }
  return refuse(run.parent, exitCodes.portTaken, message, taken)
}

/** Time beyond the grace, in ms, in which everything must be closed. */
const closeMs = 5_000

async function stopGateway(run: Run, gateway: Gateway, stop: StopRequest): Promise<number> {
  if (stop.crash !== undefined) run.log.logger.fatal({ err: stop.crash }, 'An uncaught error ends the gateway.')
  const outcome = await settleWithin(stop.graceMs + closeMs, gateway.stop(stop.graceMs))
  if (outcome.state === 'late') run.log.logger.error({ graceMs: stop.graceMs }, 'The gateway did not close in time.')
  if (outcome.state === 'failed') run.log.logger.error({ err: outcome.error }, 'The gateway did not close cleanly.')
  await run.parent?.send({ type: 'stopped' })
  return stop.crash === undefined && outcome.state === 'done' ? exitCodes.ok : exitCodes.crash
}

async function refuse(
  parent: ParentChannel | undefined,
  exitCode: number,
  message: string,
  port?: TakenPort,
): Promise<number> {
  printError(message)
  await parent?.send({ type: 'failed', exitCode, message, ...(port === undefined ? {} : { port }) })
  return exitCode
}
