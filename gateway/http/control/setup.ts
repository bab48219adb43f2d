import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import {
  AddedRouterSchema,
  SetupRouterSchema,
  SetupSchema,
  type SetupStep,
  SetupStepChangeSchema,
  SetupStepSchema,
} from '../../contract/setup.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'

const steps: readonly SetupStep[] = SetupStepSchema.anyOf.map((choice) => choice.const)

/** The first run. */
export function setupRoutes({ setup }: Pick<HttpDependencies, 'setup'>): RouteGroup {
  const readChange = bodyReaderFor(SetupStepChangeSchema)
  const readRouter = bodyReaderFor(SetupRouterSchema)
  const show = async (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, await setup.view())
  const setStep = async (request: FastifyRequest, reply: FastifyReply) => {
    const { state } = readChange(request.body)
    return sendJson(reply, await setup.setStep(stepOf(request), state))
  }
  const addRouter = async (request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, await setup.addRouter(readRouter(request.body)))
  return [
    {
      methods: ['GET'],
      path: controlRoutes.setup,
      access: 'control-read',
      handler: show,
      documentation: { summary: 'What was found on this machine, and which steps are done', answer: SetupSchema },
    },
    {
      methods: ['PUT'],
      path: `${controlRoutes.setup}/steps/:step`,
      access: 'control',
      handler: setStep,
      documentation: { summary: 'Marks a step done or skipped', body: SetupStepChangeSchema, answer: SetupSchema },
    },
    {
      methods: ['POST'],
      path: controlRoutes.setupRouter,
      access: 'control',
      handler: addRouter,
      documentation: {
        summary: 'Adds a router to the config file',
        body: SetupRouterSchema,
        answer: AddedRouterSchema,
      },
    },
  ]
}

function stepOf(request: FastifyRequest): SetupStep {
  const { step } = request.params as { readonly step: string }
  const known = steps.find((name) => name === step)
  if (known !== undefined) return known
  throw new GatewayError(
    'not_found',
    `There is no step ${JSON.stringify(step.slice(0, 60))}. The steps are ${steps.join(', ')}.`,
  )
}
