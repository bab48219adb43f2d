import type { FastifyReply, FastifyRequest } from 'fastify'
import { networkInterfaces } from 'node:os'
import { authenticate, type KeyDirectory, requireAccess } from '../access/authenticate.ts'
import { requireRoute } from '../access/allowed-routes.ts'
import type { AccessClass } from '../access/identity.ts'
import { createKeyHasher, hashKey } from '../access/key-secret.ts'
import { readPresentedKeys } from '../access/presented-keys.ts'
import { GatewayError } from '../model/errors.ts'
import { type GuardSettings, judgeRequest } from './guard.ts'
import type { HttpDependencies } from './http-dependencies.ts'
import { pathOf } from './request-path.ts'
import './request-state.ts'

type Done = (error?: Error) => void
export type GateHook = (request: FastifyRequest, reply: FastifyReply, done: Done) => void

export interface Gate {
  /** The check that stands before every route of a class, and of those that take forms: safety, then draining, then the key. Runs before the body is read. */
  readonly hookFor: (access: AccessClass, takesForms: boolean) => GateHook
  /** Safety alone, for requests that no route takes. */
  readonly judge: (request: FastifyRequest, access: AccessClass) => GatewayError | undefined
}

export interface GateState {
  readonly boundWider: () => boolean
  readonly draining: () => boolean
}

type GateDependencies = Pick<
  HttpDependencies,
  'config' | 'keys' | 'sessions' | 'masterKey' | 'controlToken' | 'pause' | 'now' | 'monotonic'
>

export function createGate(dependencies: GateDependencies, state: GateState): Gate {
  const { now, monotonic } = dependencies
  const directory = createKeyDirectory(dependencies)

  const judge = (request: FastifyRequest, access: AccessClass, takesForms = false): GatewayError | undefined => {
    const { raw } = request
    const settings: GuardSettings = {
      signalbox: dependencies.config().signalbox,
      boundWider: state.boundWider(),
      isOwnAddress,
    }
    const guarded = {
      method: raw.method ?? 'GET',
      target: raw.url ?? '/',
      headers: raw.headers,
      hostCount: countHosts(raw.rawHeaders),
    }
    return judgeRequest(guarded, access, settings, takesForms)
  }

  const admit = (request: FastifyRequest, reply: FastifyReply, access: AccessClass, takesForms: boolean): void => {
    request.startedAt = now()
    request.startedMonotonic = monotonic()
    const refusal = judge(request, access, takesForms)
    if (refusal !== undefined) throw refusal
    if (access === 'open' || access === 'ui') return
    if (access === 'llm' && state.draining()) {
      reply.header('connection', 'close')
      throw new GatewayError('shutting_down', 'The gateway is stopping and takes no new requests.')
    }
    const identity = authenticate(readPresentedKeys(request.raw.headers), directory, request.startedAt)
    requireAccess(identity, access)
    requireRoute(identity.settings.allowedRoutes, { method: request.method, path: pathOf(request.raw.url), access })
    // After the key: who may not call is not told of our state.
    if (access === 'llm' && asksUpstreams(request.method) && dependencies.pause.view().paused) throw paused()
    request.identity = identity
  }

  return {
    judge,
    hookFor: (access, takesForms) => (request, reply, done) => {
      admit(request, reply, access, takesForms)
      done()
    },
  }
}

/** Lists of models are read on, so that an agent that starts meanwhile knows its models. */
function asksUpstreams(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

function paused(): GatewayError {
  return new GatewayError(
    'paused',
    'The gateway is paused, so it asks no model. Resume it in the tray, or with POST /api/resume.',
  )
}

function createKeyDirectory({ keys, sessions, masterKey, controlToken }: GateDependencies): KeyDirectory {
  // The master key may change with the configuration; its hash is made once per key.
  let known: { readonly key: string; readonly hash: string } | undefined
  return {
    hashOf: createKeyHasher(),
    masterHash() {
      const key = masterKey()?.secret.reveal()
      if (key === undefined || key === '') return undefined
      if (known?.key !== key) known = { key, hash: hashKey(key) }
      return known.hash
    },
    controlHash: hashKey(controlToken.reveal()),
    isSession: (hash) => sessions.isSession(hash),
    findKey: (hash) => keys.find(hash),
  }
}

function isOwnAddress(address: string): boolean {
  return Object.values(networkInterfaces()).some((entries) => entries?.some((entry) => entry.address === address))
}

/** Node keeps the first of several Host headers and says nothing; the raw list alternates names and values. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1
  }
  return count
}
