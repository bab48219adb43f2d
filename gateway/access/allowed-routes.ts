import { GatewayError } from '../model/errors.ts'
import type { AccessClass } from './identity.ts'

/** A request as far as a key's routes are about it. */
export interface AskedRoute {
  readonly method: string
  /** Without query. */
  readonly path: string
  readonly access: AccessClass
}

const spendPath = /^\/(?:global\/)?spend(?:\/|$)/u
const infoPath = /^\/(?:key\/(?:info|list)|models(?:\/.*)?|(?:v\d\/)?model\/info|model_group\/info|health(?:\/.*)?)$/u

/** LiteLLM's names for groups of routes, as far as there are such routes here. */
const groups: Readonly<Record<string, (route: AskedRoute) => boolean>> = {
  llm_api_routes: ({ access }) => access === 'llm',
  openai_routes: ({ access, path }) => access === 'llm' && !/^\/(?:messages|v1beta)(?:\/|$)/u.test(path),
  anthropic_routes: ({ access, path }) => access === 'llm' && /^\/messages(?:\/|$)/u.test(path),
  google_routes: ({ access, path }) => access === 'llm' && path.startsWith('/v1beta/'),
  info_routes: ({ method, path }) => (method === 'GET' || method === 'HEAD') && infoPath.test(path),
  management_routes: ({ access, path }) => access === 'admin' && !spendPath.test(path),
  spend_tracking_routes: ({ path }) => spendPath.test(path),
}

/** The names that may stand in a key's `allowed_routes` beside paths. */
export const routeGroups: readonly string[] = Object.keys(groups)

/** True for something that can stand in `allowed_routes`: a group, or a path that may end in `*`. */
export function isRouteName(name: string): boolean {
  return Object.hasOwn(groups, name) || /^\/[^\s*]*\*?$/u.test(name)
}

/**
 * Refuses a route that the key's `allowed_routes` do not hold; none at all allow every route of its kind. A path counts
 * with and without `/v1`. @throws GatewayError `not_allowed`
 */
export function requireRoute(allowed: readonly string[], route: AskedRoute): void {
  if (allowed.length === 0) return
  const plain = { ...route, path: withoutVersion(route.path) }
  if (allowed.some((name) => allows(name, plain))) return
  throw new GatewayError(
    'not_allowed',
    `This key may not use ${route.path.slice(0, 200)}. It may use: ${allowed.slice(0, 20).join(', ')}.`,
  )
}

function allows(name: string, route: AskedRoute): boolean {
  const group = Object.hasOwn(groups, name) ? groups[name] : undefined
  if (group !== undefined) return group(route)
  const path = withoutVersion(name)
  return path.endsWith('*') ? route.path.startsWith(path.slice(0, -1)) : route.path === path
}

/** OpenAI clients add `/v1` once, never or twice. */
function withoutVersion(path: string): string {
  return path.replace(/^(?:\/v1)+(?=\/|\*|$)/u, '')
}
