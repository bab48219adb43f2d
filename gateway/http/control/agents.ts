import type { FastifyReply, FastifyRequest } from 'fastify'
import { planView } from '../../agents/agent-service.ts'
import { ExportError } from '../../agents/engine/export-error.ts'
import { findAgent } from '../../agents/registry.ts'
import {
  AgentChoiceSchema,
  AgentListSchema,
  AgentModelsSchema,
  AgentPlanSchema,
  AgentUndoSchema,
  AgentViewSchema,
} from '../../contract/agents.ts'
import { controlRoutes } from '../../contract/routes.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteDocumentation, RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'

/** `/api/agents`: which coding agents this user has, what connecting one would change, and doing it or taking it back. */
export function agentRoutes({ agents, agentModels }: Pick<HttpDependencies, 'agents' | 'agentModels'>): RouteGroup {
  const readChoice = bodyReaderFor(AgentChoiceSchema)
  const one = `${controlRoutes.agents}/:id`
  const answering =
    (work: (request: FastifyRequest) => Promise<object> | object) =>
    async (request: FastifyRequest, reply: FastifyReply) =>
      sendJson(reply, await explained(() => work(request)))
  return [
    {
      methods: ['GET'],
      path: controlRoutes.agents,
      access: 'control-read',
      documentation: { summary: 'Coding agents and whether they are connected', answer: AgentListSchema },
      handler: answering(async () => ({ agents: await agents.list() })),
    },
    {
      methods: ['GET'],
      path: controlRoutes.agentModels,
      access: 'control-read',
      documentation: { summary: 'Limits, modalities and prices as agents are told', answer: AgentModelsSchema },
      handler: answering(() => agentModels()),
    },
    {
      methods: ['GET'],
      path: one,
      access: 'control-read',
      documentation: { summary: 'One coding agent', answer: AgentViewSchema },
      handler: answering((request) => agents.view(idOf(request))),
    },
    {
      methods: ['POST'],
      path: `${one}/plan`,
      access: 'control',
      documentation: withChoice('What connecting would change', AgentPlanSchema),
      handler: answering(async (request) => planView(await agents.plan(idOf(request), readChoice(request.body)))),
    },
    {
      methods: ['POST'],
      path: `${one}/connect`,
      access: 'control',
      documentation: withChoice('Write the agent’s files, with a key of its own', AgentPlanSchema),
      handler: answering(async (request) => planView(await agents.connect(idOf(request), readChoice(request.body)))),
    },
    {
      methods: ['POST'],
      path: `${one}/disconnect`,
      access: 'control',
      documentation: { summary: 'Take the export back and revoke its key', answer: AgentUndoSchema },
      handler: answering((request) => agents.disconnect(idOf(request))),
    },
  ]
}

function withChoice(summary: string, answer: object): RouteDocumentation {
  return { summary, body: AgentChoiceSchema, answer }
}

function idOf(request: FastifyRequest): string {
  const { id } = request.params as { readonly id: string }
  if (findAgent(id) !== undefined) return id
  throw new GatewayError('not_found', 'There is no agent with this id; GET /api/agents lists them.')
}

/** An export that was refused changed nothing: the state of the user's files is in its way. */
async function explained<Result>(work: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ExportError) throw new GatewayError('conflict', error.message)
    throw error
  }
}
