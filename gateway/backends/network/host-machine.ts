import { isSamePath, type LearnedPath, learnedFrom, type Route } from './route.ts'

/** A host as seen from here. `unknown`: nothing speaks against trying it. */
export type ReachState = 'unknown' | 'up' | 'path_lost' | 'path_stalled' | 'host_down' | 'service_down'

/** What one connection came to. `port`: where. */
export interface Contact {
  readonly port: number
  readonly kind: 'open' | 'refused' | 'no_host' | 'no_net' | 'silent'
  /** ms since the epoch, when it ended. */
  readonly at: number
  readonly code?: string
}

/** Why a host is not up, for the words that are shown. */
export type ReachCause =
  | 'no_route'
  | 'no_name'
  | 'no_carrier'
  | 'wrong_network'
  | 'other_path'
  | 'no_net'
  | 'silent'
  | 'silent_alone'
  | 'no_host'
  | 'refused'
  | 'unproven'

/** All that is known of one host. A value: every step gives the next one. */
export interface HostMemory {
  readonly state: ReachState
  readonly cause: ReachCause | undefined
  readonly route: Route | undefined
  readonly learned: LearnedPath | undefined
  /** The last contact by port, on the route of now. */
  readonly contacts: ReadonlyMap<number, Contact>
  /** Silent connections in a row. */
  readonly silent: number
  /** ms since the epoch: the first success since it was lost, waiting for the one that confirms it. */
  readonly confirmingSince: number | undefined
  readonly lastUpAt: number | undefined
}

export const unknownHost: HostMemory = {
  state: 'unknown',
  cause: undefined,
  route: undefined,
  learned: undefined,
  contacts: new Map(),
  silent: 0,
  confirmingSince: undefined,
  lastUpAt: undefined,
}

/** What a judgement needs besides the host's own memory. */
export interface Surroundings {
  /** The user's word; undefined = learned. */
  readonly network: 'vpn' | 'lan' | 'any' | undefined
  /** Other hosts on the same path, and whether any of them answered lately. */
  readonly siblings: 'none' | 'answering' | 'silent'
  /** False where no port is known at which a connection would prove anything: the way is all there is. Absent = true. */
  readonly canBeProven?: boolean
}

/** A host that was lost is up again after two successes at least this far apart. */
export const confirmMs = 500
/** One lost packet says nothing of a host that was up. */
const silentBeforeDown = 2

/** The kernel was asked for the way. A way that differs forgets what was learned of connections on the old one. Pure. */
export function withRoute(memory: HostMemory, route: Route, around: Surroundings): HostMemory {
  const isOther = !sameRoute(memory.route, route)
  const contacts = isOther ? new Map<number, Contact>() : memory.contacts
  const silent = isOther ? 0 : memory.silent
  const confirmingSince = isOther ? undefined : memory.confirmingSince
  // The same way is the same value: a connection under way is still about it.
  return judged({ ...memory, route: isOther ? route : memory.route, contacts, silent, confirmingSince }, around)
}

/**
 * A connection was made, or was not. A success teaches the path: also one other than before, unless the user's word is
 * against it. Pure.
 */
export function withContact(memory: HostMemory, contact: Contact, around: Surroundings): HostMemory {
  const contacts = new Map(memory.contacts).set(contact.port, contact)
  const answered = contact.kind === 'open' || contact.kind === 'refused'
  const silent = contact.kind === 'silent' ? memory.silent + 1 : 0
  const { route } = memory
  if (!answered) return judged({ ...memory, contacts, silent, confirmingSince: undefined }, around)
  const isAllowed = route?.kind === 'path' && forbidden(route, around) === undefined
  const learned = isAllowed ? learnedAgain(memory.learned, learnedFrom(route)) : memory.learned
  const confirmingSince = memory.confirmingSince ?? contact.at
  return judged({ ...memory, contacts, silent, learned, confirmingSince, lastUpAt: contact.at }, around, contact.at)
}

/** What is learned again is the same value: it is kept between runs only when it changed. */
function learnedAgain(known: LearnedPath | undefined, found: LearnedPath): LearnedPath {
  return known?.source === found.source && known.interface === found.interface && known.subnet === found.subnet
    ? known
    : found
}

/** The same facts judged again: when a sibling changed. Pure. */
export function judged(memory: HostMemory, around: Surroundings, successAt?: number): HostMemory {
  const path = pathProblem(memory, around)
  if (path !== undefined) return enter(memory, path)
  const last = latest(memory.contacts)
  // The way is there again; that it carries anything has to be proven.
  if (last === undefined) {
    const waits = isLost(memory.state) && around.canBeProven !== false
    return enter(memory, waits ? [memory.state, 'unproven'] : ['unknown', undefined])
  }
  const answering = [...memory.contacts.values()].filter(({ kind }) => kind === 'open' || kind === 'refused')
  if (answering.length === 0) return enter(memory, silence(memory, last, around))
  const isConfirmed =
    successAt !== undefined && memory.confirmingSince !== undefined && successAt - memory.confirmingSince >= confirmMs
  if (isLost(memory.state) && !isConfirmed) return { ...memory, cause: 'unproven' }
  const verdict: Verdict = answering.some(({ kind }) => kind === 'open')
    ? ['up', undefined]
    : ['service_down', 'refused']
  return enter(memory, verdict)
}

/** True in states in which nothing may be sent to the host at all. */
export function isLost(state: ReachState): boolean {
  return state === 'path_lost' || state === 'path_stalled' || state === 'host_down'
}

/** One port of a host that is reached: others may answer while this one does not. Pure. */
export function portState({ state, cause, contacts }: HostMemory, port: number): Pick<HostMemory, 'state' | 'cause'> {
  if (isLost(state)) return { state, cause }
  const contact = contacts.get(port)
  if (contact?.kind === 'open') return { state: 'up', cause: undefined }
  if (contact?.kind === 'refused') return { state: 'service_down', cause: 'refused' }
  if (contact?.kind === 'silent' && state !== 'unknown') return { state: 'service_down', cause: 'silent' }
  return { state: 'unknown', cause: undefined }
}

type Verdict = readonly [ReachState, ReachCause | undefined]

function enter(memory: HostMemory, [state, cause]: Verdict): HostMemory {
  return { ...memory, state, cause, confirmingSince: undefined }
}

/** What the route alone says. Nothing has to be sent for it. */
function pathProblem({ route, learned }: HostMemory, around: Surroundings): Verdict | undefined {
  if (route === undefined) return undefined
  if (route.kind === 'none') return ['path_lost', 'no_route']
  // A name that never had an address may as well be a slip of the pen.
  if (route.kind === 'no_name') return [learned === undefined ? 'unknown' : 'path_lost', 'no_name']
  const wrong = forbidden(route, around)
  if (wrong !== undefined) return ['path_lost', wrong]
  if (around.network !== 'any' && learned !== undefined && !isSamePath(learned, route))
    return ['path_lost', 'other_path']
  if (route.carrier !== false) return undefined
  return [route.tunnel === undefined ? 'path_lost' : 'path_stalled', 'no_carrier']
}

/** The user's word on the network: kept whatever answers. */
function forbidden(route: Extract<Route, { kind: 'path' }>, { network }: Surroundings): ReachCause | undefined {
  // Where the interface is not known, neither is whether it is a tunnel.
  if (route.interface === undefined) return undefined
  if (network === 'vpn' && route.tunnel === undefined) return 'wrong_network'
  return network === 'lan' && route.tunnel !== undefined ? 'wrong_network' : undefined
}

/** No port answers. */
function silence(memory: HostMemory, last: Contact, { siblings }: Surroundings): Verdict {
  if (last.kind === 'no_net') return ['path_lost', 'no_net']
  if (last.kind === 'no_host') return ['host_down', 'no_host']
  if (memory.state === 'up' && memory.silent < silentBeforeDown) return ['up', undefined]
  if (siblings === 'answering') return ['host_down', 'silent']
  return ['path_stalled', siblings === 'none' ? 'silent_alone' : 'silent']
}

function latest(contacts: ReadonlyMap<number, Contact>): Contact | undefined {
  return [...contacts.values()].reduce<Contact | undefined>(
    (last, contact) => (last === undefined || contact.at >= last.at ? contact : last),
    undefined,
  )
}

function sameRoute(one: Route | undefined, other: Route): boolean {
  if (one?.kind !== 'path' || other.kind !== 'path') return one?.kind === other.kind
  return one.source === other.source && one.interface === other.interface && one.carrier === other.carrier
}
