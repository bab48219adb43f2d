import { setTimeout as pause } from 'node:timers/promises'
import type { GatewayProcessCommand, GatewayProcessMessage } from '../contract/process-messages.ts'

/** The line to the process that forked this one. */
export interface ParentChannel {
  /** Resolves when the message is on its way, so that the process may end after it. Never rejects. */
  send(message: GatewayProcessMessage): Promise<void>
  onCommand(listener: (command: GatewayProcessCommand) => void): void
  /** The parent is gone: there is nobody left to serve. */
  onGone(listener: () => void): void
}

/** `process.parentPort` of an Electron utility process, as far as it is used. */
interface ElectronParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
}

/**
 * Finds the parent's channel: an Electron utility process has `process.parentPort`, a process forked by Node has
 * `process.send`; one started from a shell has neither and gives undefined.
 */
export function findParentChannel(): ParentChannel | undefined {
  const port = (process as { parentPort?: ElectronParentPort }).parentPort
  if (port !== undefined && port !== null) {
    return {
      send: (message) => {
        port.postMessage(message)
        return pause(electronDeliveryMs)
      },
      onCommand: (listener) => port.on('message', ({ data }) => deliver(data, listener)),
      onGone: (listener) => port.on('close', listener),
    }
  }
  if (process.send === undefined) return undefined
  return {
    send: sendToNode,
    onCommand: (listener) => process.on('message', (message) => deliver(message, listener)),
    onGone: (listener) => process.on('disconnect', listener),
  }
}

/** Electron does not say when a message has left, and one posted right before the end is lost. In ms. */
const electronDeliveryMs = 50

/** A parent that died meanwhile is told of by `disconnect`; a failed send must not end the process. */
function sendToNode(message: GatewayProcessMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (process.send === undefined || !process.connected) return Promise.resolve()
  process.send(message, undefined, {}, () => resolve())
  return promise
}

const longestGraceMs = 60_000

/** Anything but a known command is ignored: other programs may use the same channel. */
function deliver(message: unknown, listener: (command: GatewayProcessCommand) => void): void {
  const { type, graceMs } = (message ?? {}) as { type?: unknown; graceMs?: unknown }
  if (type !== 'stop') return
  const isGrace = typeof graceMs === 'number' && graceMs >= 0
  listener({ type, graceMs: isGrace ? Math.min(graceMs, longestGraceMs) : 0 })
}
