import { GatewayError } from '../model/errors.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { listModels } from './list-models.ts'
import { mayUse } from './may-use.ts'
import { nearestNames } from './nearest-names.ts'
import type { RoutingSnapshot } from './plan-types.ts'
import { printable } from './printable.ts'
import { plainName, type ResolvedModel, resolveModel } from './resolve-model.ts'

const shownNames = 20
const urlPattern = /^[a-z][a-z0-9+.-]*:\/\//i

/**
 * Resolves a model name that a caller wrote, in its own form or in Claude Code's (`claudeName`), and checks that its key may use it. Throws GatewayError: `invalid_field`
 * for a URL, `key_model_access_denied` (which names no model that the key may not use, and does not tell whether this
 * one exists), `model_not_found`.
 */
export function resolveAllowedModel(name: string, snapshot: RoutingSnapshot): ResolvedModel {
  const resolved = resolveAllowed(name, snapshot)
  if (resolved === undefined) throw modelNotFound(name, snapshot)
  return resolved
}

/**
 * The same for a request, which default fallbacks may answer although nobody knows its model, as in LiteLLM: a name with
 * nothing behind it.
 */
export function resolveAskedModel(facts: RequestFacts, snapshot: RoutingSnapshot): ResolvedModel {
  const name = facts.model
  const resolved = resolveAllowed(name, snapshot)
  if (resolved !== undefined) return resolved
  const most = Math.min(snapshot.config.maxFallbacks, facts.controls.maxFallbacks ?? Infinity)
  const mayFallBack = facts.requestFallbacks === undefined && most > 0 && snapshot.config.fallbacks.has('*')
  if (!mayFallBack) throw modelNotFound(name, snapshot)
  return { kind: 'group', name, deployments: [], isDemo: false }
}

/** Undefined = unknown. */
function resolveAllowed(name: string, snapshot: RoutingSnapshot): ResolvedModel | undefined {
  if (urlPattern.test(name)) {
    throw new GatewayError('invalid_field', 'The model is a URL; a model name from /v1/models is wanted.', {
      param: 'model',
    })
  }
  const plain = plainName(name, snapshot)
  const resolved = resolveModel(plain, snapshot)
  if (!mayUse(plain, resolved, snapshot)) throw accessDenied(name, snapshot.allowedModels ?? [])
  return resolved
}

function accessDenied(name: string, allowed: readonly string[]): GatewayError {
  const rest = allowed.length > shownNames ? ` and ${allowed.length - shownNames} more` : ''
  const may = allowed.length === 0 ? 'no model' : `${allowed.slice(0, shownNames).join(', ')}${rest}`
  return new GatewayError(
    'key_model_access_denied',
    `This key may not use the model ${printable(name)}. It may use: ${may}. Ask for one of these, or have the model added to the key.`,
    { param: 'model' },
  )
}

function modelNotFound(name: string, snapshot: RoutingSnapshot): GatewayError {
  const listed = listModels(snapshot).map((model) => model.name)
  const nearest = nearestNames(name, listed)
  const hint = nearest.length === 0 ? '' : ` Nearest: ${nearest.join(', ')}.`
  return new GatewayError(
    'model_not_found',
    `Invalid model name passed in model=${printable(name)}. Call /v1/models for the names this key may use.${hint}`,
    { param: 'model' },
  )
}
