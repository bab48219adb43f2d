import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type AddedModels,
  AddedModelsSchema,
  AddModelsSchema,
  type OfferedModelView,
  type ProviderList,
  ProviderListSchema,
  type ProviderModels,
  ProviderModelsSchema,
} from '../../contract/providers.ts'
import { controlRoutes } from '../../contract/routes.ts'
import type { OfferedModel } from '../../providers/sync/describe-model.ts'
import type { AddedEntries, ProviderOffer } from '../../providers/sync/provider-sync.ts'
import type { ProviderPlace } from '../../providers/sync/provider-places.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'

type Dependencies = Pick<HttpDependencies, 'providerSync' | 'deployments'>

/** Providers, what they offer, and adding of it to the config file. */
export function providerRoutes({ providerSync, deployments }: Dependencies): RouteGroup {
  const readAdd = bodyReaderFor(AddModelsSchema)
  const list = (_request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, { providers: providerSync.places().map(placeView) } satisfies ProviderList)
  const models = async (request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, offerView(await providerSync.offer(nameOf(request)), deployments.isGone))
  const add = async (request: FastifyRequest, reply: FastifyReply) => {
    const { add: ids, prefix, dryRun } = readAdd(request.body)
    return sendJson(reply, addedView(await providerSync.add(nameOf(request), ids, { prefix, dryRun })))
  }
  const path = `${controlRoutes.providers}/:name/models`
  return [
    {
      methods: ['GET'],
      path: controlRoutes.providers,
      access: 'control-read',
      handler: list,
      documentation: { summary: 'Providers whose models can be looked up', answer: ProviderListSchema },
    },
    {
      methods: ['GET'],
      path,
      access: 'control-read',
      handler: models,
      documentation: { summary: 'A provider’s own list of models, asked for now', answer: ProviderModelsSchema },
    },
    {
      methods: ['POST'],
      path,
      access: 'control',
      handler: add,
      documentation: {
        summary: 'Adds models of a provider to the config file',
        body: AddModelsSchema,
        answer: AddedModelsSchema,
      },
    },
  ]
}

function nameOf(request: FastifyRequest): string {
  return (request.params as { readonly name: string }).name
}

function placeView({ name, provider, place, deployments }: ProviderPlace): ProviderList['providers'][number] {
  const key = ({ value: 'there', missing: 'missing', none: 'none' } as const)[place.apiKey.kind]
  return { name, provider, host: new URL(place.baseUrl).host, key, models: deployments.length }
}

function offerView(
  { place, models, unlisted }: ProviderOffer,
  isGone: Dependencies['deployments']['isGone'],
): ProviderModels {
  return {
    name: place.name,
    models: models.map((model) => modelView(model, place)),
    unlisted: unlisted.map(({ id, modelName: model, upstreamModel }) => ({ model, upstreamModel, gone: isGone(id) })),
  }
}

function modelView(model: OfferedModel, { deployments }: ProviderPlace): OfferedModelView {
  const { id, kind, vision, reasoning, tools, contextWindow, maxOutputTokens, deprecated } = model
  return {
    id,
    kind,
    vision: vision ?? null,
    reasoning: reasoning ?? null,
    tools: tools ?? null,
    contextWindow: contextWindow ?? null,
    maxOutputTokens: maxOutputTokens ?? null,
    deprecated: deprecated ?? null,
    configuredAs: deployments.filter(({ upstreamModel }) => upstreamModel === id).map(({ modelName }) => modelName),
  }
}

function addedView({ added, skipped, lines, written, problems }: AddedEntries): AddedModels {
  return {
    added: added.map(({ upstreamModel, modelName }) => ({ id: upstreamModel, modelName })),
    skipped: [...skipped],
    written,
    lines: [...lines],
    problems: [...problems],
  }
}
