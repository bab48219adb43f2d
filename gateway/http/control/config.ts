import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EditOutcome } from '../../config/edit/config-editor.ts'
import type { YamlEdit } from '../../config/edit/yaml-edit.ts'
import {
  ConfigCheckSchema,
  ConfigCheckedSchema,
  type ConfigEditOutcome,
  ConfigEditOutcomeSchema,
  ConfigEditsSchema,
  ConfigReplacementSchema,
  type ConfigText,
  ConfigTextSchema,
} from '../../contract/config.ts'
import { controlRoutes } from '../../contract/routes.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'

/** The config file: read, checked, edited value by value or as a whole. Its text may hold keys: the control token only. */
export function configRoutes({ configEditor, status }: Pick<HttpDependencies, 'configEditor' | 'status'>): RouteGroup {
  const readEdits = bodyReaderFor(ConfigEditsSchema)
  const readReplacement = bodyReaderFor(ConfigReplacementSchema)
  const readCheck = bodyReaderFor(ConfigCheckSchema)

  const show = async (_request: FastifyRequest, reply: FastifyReply) => {
    const { problems, refused } = (await status()).config
    return sendJson(reply, { ...configEditor.read(), problems, refused } satisfies ConfigText)
  }
  const edit = (request: FastifyRequest, reply: FastifyReply) => {
    const { edits, revision } = readEdits(request.body)
    // JSON came in, so every value is one; the schema language cannot say that.
    return sendJson(reply, outcomeView(configEditor.edit(edits as YamlEdit[], revision)))
  }
  const replace = (request: FastifyRequest, reply: FastifyReply) => {
    const { text, revision } = readReplacement(request.body)
    return sendJson(reply, outcomeView(configEditor.replace(text, revision)))
  }
  const check = (request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, { problems: configEditor.check(readCheck(request.body).text) })

  return [
    {
      methods: ['GET'],
      path: controlRoutes.config,
      access: 'control',
      handler: show,
      documentation: { summary: 'The config file as it is now', answer: ConfigTextSchema },
    },
    {
      methods: ['PUT'],
      path: controlRoutes.config,
      access: 'control',
      handler: replace,
      documentation: {
        summary: 'Replaces the config file, unless it would have errors',
        body: ConfigReplacementSchema,
        answer: ConfigEditOutcomeSchema,
      },
    },
    {
      methods: ['POST'],
      path: controlRoutes.configEdits,
      access: 'control',
      handler: edit,
      documentation: {
        summary: 'Changes single values of the config file and no other byte',
        body: ConfigEditsSchema,
        answer: ConfigEditOutcomeSchema,
      },
    },
    {
      methods: ['POST'],
      path: controlRoutes.configCheck,
      access: 'control',
      handler: check,
      documentation: {
        summary: 'The problems that a config text would have',
        body: ConfigCheckSchema,
        answer: ConfigCheckedSchema,
      },
    },
  ]
}

function outcomeView({ written, revision, text, problems }: EditOutcome): ConfigEditOutcome {
  return { written, revision, text, problems: [...problems] }
}
