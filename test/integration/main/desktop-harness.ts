import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GatewayEvent } from '../../../gateway/contract/events.ts'
import { systemClock } from '../../../main/clock.ts'
import { createDesktopApp } from '../../../main/desktop-app.ts'
import { installShutdown } from '../../../main/lifecycle/shutdown.ts'
import { createLinkInbox } from '../../../main/links/link-inbox.ts'
import type { MenuEntry } from '../../../main/ports/menu.ts'
import { createElectronDouble, createLoggerDouble, createStateFileDouble } from '../../doubles/electron.ts'
import { networkView, routerView, statusView, vpnOn } from '../../unit/main/tray/views.ts'

const snapshot: GatewayEvent = {
  type: 'snapshot',
  status: statusView(),
  routers: [routerView()],
  requests: [],
  backends: [],
  discovery: true,
}

interface Call {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly body: string
}

/** A gateway as far as the desktop talks to it: the event stream, a few questions, the switch, the pause and the config. */
export async function startGatewayDouble() {
  let streams: ServerResponse[] = []
  const calls: Call[] = []
  const state = { keys: [] as object[] }
  const answers = (path: string): object => {
    if (path === '/api/keys') return { keys: state.keys }
    if (path === '/api/quotas') return { deployments: [] }
    if (path === '/api/network') return networkView(vpnOn)
    if (path === '/api/status') return statusView()
    if (path === '/api/config') return { revision: 'r7' }
    return path === '/api/config/edits' ? { written: true, problems: [] } : {}
  }
  const send = (event: GatewayEvent) => {
    for (const stream of streams) stream.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  }
  const server: Server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
    incoming.on('end', () => {
      const { method = '', headers, url = '' } = incoming
      calls.push({ method, url, authorization: headers.authorization, body })
      if (url !== '/api/events') {
        outgoing.end(JSON.stringify(answers(url)))
        return
      }
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
      streams.push(outgoing)
      outgoing.on('close', () => {
        streams = streams.filter((stream) => stream !== outgoing)
      })
      send(snapshot)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    send,
    streams: (): readonly ServerResponse[] => streams,
    callsOf: (path: string): readonly Call[] => calls.filter((call) => call.url === path),
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface DesktopSetUp {
  readonly hidden?: boolean
  readonly platform?: NodeJS.Platform
  /** What the file of the window's place holds. */
  readonly windowPlace?: string
}

/** The desktop app on doubles, with a gateway at `url` once `listen` is called. */
export function setUpDesktop(url: string, { hidden = false, platform = 'linux', windowPlace }: DesktopSetUp = {}) {
  const desktop = createElectronDouble()
  const log = createLoggerDouble()
  const links = createLinkInbox()
  const settingsFile = createStateFileDouble()
  const windowFile = createStateFileDouble(windowPlace)
  const app = createDesktopApp({
    ports: desktop.ports,
    platform,
    clock: systemClock,
    logger: log.logger,
    fetch,
    uiDirectory: '/nowhere',
    developerTools: false,
    hidden,
    installed: true,
    settingsFile: settingsFile.port,
    windowFile: windowFile.port,
    places: { log: '/logs/desktop.log', config: undefined },
    links,
    quitInto: (end) => shutdown.quitInto(end),
  })
  const shutdown = installShutdown({
    app: desktop.ports.app,
    stop: () => app.stop(),
    clock: systemClock,
    logger: log.logger,
    limitMs: 10_000,
  })
  const listen = () => desktop.gateway.last().say({ type: 'listening', url, controlToken: 'control-1' })
  return { app, desktop, log, links, listen, seen: desktop.seen, settings: settingsFile.file, place: windowFile.file }
}

/** Looks again until it holds; the test's own time limit is the only one. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}

export const labels = (entries: readonly MenuEntry[]) => entries.map((entry) => ('label' in entry ? entry.label : '-'))
