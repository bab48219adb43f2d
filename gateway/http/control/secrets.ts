import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import {
  SecretListSchema,
  SecretStoreChoiceSchema,
  SecretStoreViewSchema,
  SecretTestRequestSchema,
  SecretTestSchema,
  SecretValueSchema,
  SecretViewSchema,
  UnlockRequestSchema,
} from '../../contract/secrets.ts'
import { GatewayError } from '../../model/errors.ts'
import { Secret } from '../../model/secret.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'

/** Provider keys: where each is, storing, testing and removing one. A value comes in and never goes out. */
export function secretRoutes({ secrets }: Pick<HttpDependencies, 'secrets'>): RouteGroup {
  const readValue = bodyReaderFor(SecretValueSchema)
  const readTest = bodyReaderFor(SecretTestRequestSchema)
  const readChoice = bodyReaderFor(SecretStoreChoiceSchema)
  const readUnlock = bodyReaderFor(UnlockRequestSchema)
  const one = `${controlRoutes.secrets}/:name`
  const answering =
    (work: (request: FastifyRequest) => Promise<object>) => async (request: FastifyRequest, reply: FastifyReply) =>
      sendJson(reply, await work(request))

  const save = (request: FastifyRequest) => secrets.save(nameOf(request), keyValue(readValue(request.body).value))
  const test = (request: FastifyRequest) => {
    const { value, provider } = readTest(request.body)
    return secrets.test(nameOf(request), value === undefined ? undefined : keyValue(value), provider)
  }
  const unlock = (request: FastifyRequest) => {
    const { passphrase } = readUnlock(request.body)
    return secrets.unlock(passphrase === undefined ? undefined : new Secret(passphrase))
  }
  return [
    {
      methods: ['GET'],
      path: controlRoutes.secrets,
      access: 'control-read',
      handler: answering(() => secrets.list()),
      documentation: { summary: 'Provider keys: where each was found, masked', answer: SecretListSchema },
    },
    {
      methods: ['PUT'],
      path: controlRoutes.secretStore,
      access: 'control',
      handler: answering((request) => secrets.chooseStore(readChoice(request.body))),
      documentation: {
        summary: 'Chooses where keys are kept',
        body: SecretStoreChoiceSchema,
        answer: SecretStoreViewSchema,
      },
    },
    {
      methods: ['POST'],
      path: controlRoutes.unlockSecrets,
      access: 'control',
      handler: answering(unlock),
      documentation: {
        summary: 'Opens the file of keys, or asks the keychain again',
        body: UnlockRequestSchema,
        answer: SecretStoreViewSchema,
      },
    },
    {
      methods: ['PUT'],
      path: one,
      access: 'control',
      handler: answering(save),
      documentation: {
        summary: 'Stores a key; the next request uses it',
        body: SecretValueSchema,
        answer: SecretViewSchema,
      },
    },
    {
      methods: ['DELETE'],
      path: one,
      access: 'control',
      handler: answering((request) => secrets.remove(nameOf(request))),
      documentation: { summary: 'Removes a stored key', answer: SecretViewSchema },
    },
    {
      methods: ['POST'],
      path: `${one}/test`,
      access: 'control',
      handler: answering(async (request) => test(request)),
      documentation: {
        summary: 'Asks the key’s providers for their models with it',
        body: SecretTestRequestSchema,
        answer: SecretTestSchema,
      },
    },
  ]
}

function nameOf(request: FastifyRequest): string {
  const { name } = request.params as { readonly name: string }
  if (/^[A-Za-z_][A-Za-z0-9_]{0,127}$/u.test(name)) return name
  throw new GatewayError(
    'invalid_field',
    `The name of a secret is that of a variable: letters, digits and _, such as MISTRAL_API_KEY; got ${JSON.stringify(name.slice(0, 60))}.`,
    { param: 'name' },
  )
}

/** What is pasted has ends; what is inside must fit into a header. */
function keyValue(text: string): Secret {
  const value = text.trim()
  if (value !== '' && /^[\x20-\x7E]+$/u.test(value)) return new Secret(value)
  const seen = value === '' ? 'it is empty' : 'it holds a line break, a typographic quote or an invisible character'
  throw new GatewayError('invalid_field', `value must be a key of plain characters; ${seen}. Copy it again.`, {
    param: 'value',
  })
}
