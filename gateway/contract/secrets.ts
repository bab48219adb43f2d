import { type Static, Type } from 'typebox'
import { nullable } from './values.ts'

/** Where a value came from. `config`: it stands in the file itself (`environment_variables`), in plain text. */
export const SecretPlaceSchema = Type.Union([
  Type.Literal('environment'),
  Type.Literal('keychain'),
  Type.Literal('file'),
  Type.Literal('config'),
  Type.Literal('missing'),
])

export type SecretPlace = Static<typeof SecretPlaceSchema>

export const SecretViewSchema = Type.Object({
  /** As the config names it: `MISTRAL_API_KEY`. */
  name: Type.String(),
  found: SecretPlaceSchema,
  /** The last four characters of a value of twelve or more; null = shorter, or missing. */
  lastFour: nullable(Type.String()),
  /** Providers whose key it is. */
  providers: Type.Array(Type.String()),
  /** Models of the config that need it. */
  models: Type.Array(Type.String()),
  /** True when the config wants it; false for the usual name of a known provider that has a value. */
  wanted: Type.Boolean(),
  /** True when the store here holds one, which can be removed. An environment variable wins over it. */
  stored: Type.Boolean(),
  /** True when there is a provider whose list of models can be asked with it. */
  testable: Type.Boolean(),
})

export type SecretView = Static<typeof SecretViewSchema>

/**
 * Where secrets are kept. `keychain`: the operating system's; `file`: encrypted with a passphrase, in the data folder;
 * `none`: environment variables only.
 */
export const SecretStoreViewSchema = Type.Object({
  kind: Type.Union([Type.Literal('keychain'), Type.Literal('file'), Type.Literal('none')]),
  /** `unavailable`: there is no keychain, and a choice is wanted (see `choices`). */
  state: Type.Union([Type.Literal('ready'), Type.Literal('locked'), Type.Literal('unavailable')]),
  /** What that means and what to do. */
  sentence: Type.String(),
  /** What `PUT /api/secrets/store` takes now. */
  choices: Type.Array(Type.Union([Type.Literal('keychain'), Type.Literal('file'), Type.Literal('environment')])),
})

export type SecretStoreView = Static<typeof SecretStoreViewSchema>

/** `GET /api/secrets`: missing ones that the config wants first, then by name. Never a value. */
export const SecretListSchema = Type.Object({
  store: SecretStoreViewSchema,
  secrets: Type.Array(SecretViewSchema),
})

export type SecretList = Static<typeof SecretListSchema>

/** `PUT /api/secrets/:name {value}` gives the SecretView. Used by the next request. 409 `conflict` without a store, 423 `secrets_locked` when it is locked. */
export const SecretValueSchema = Type.Object(
  { value: Type.String({ minLength: 1, maxLength: 10_000 }) },
  { additionalProperties: false },
)

export type SecretValue = Static<typeof SecretValueSchema>

/** `DELETE /api/secrets/:name` gives the SecretView as it is after. 404 `not_found` when the store has none. */

/** `PUT /api/secrets/store`: `environment`: nothing is kept here; `file`: a new encrypted file, or the one that is there. Gives the SecretStoreView. */
export const SecretStoreChoiceSchema = Type.Union([
  Type.Object({ kind: Type.Literal('environment') }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('keychain') }, { additionalProperties: false }),
  Type.Object(
    { kind: Type.Literal('file'), passphrase: Type.String({ minLength: 8, maxLength: 1000 }) },
    { additionalProperties: false },
  ),
])

export type SecretStoreChoice = Static<typeof SecretStoreChoiceSchema>

/** `POST /api/secrets/unlock`: the passphrase of the file; without one the keychain is asked again. Gives the SecretStoreView. 401 `invalid_passphrase`. */
export const UnlockRequestSchema = Type.Object(
  { passphrase: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })) },
  { additionalProperties: false },
)

export type UnlockRequest = Static<typeof UnlockRequestSchema>

/** `POST /api/secrets/:name/test`: with `value` a key that is not saved yet, without the one in use. */
export const SecretTestRequestSchema = Type.Object(
  {
    value: Type.Optional(Type.String({ minLength: 1, maxLength: 10_000 })),
    /** One of the secret's providers; absent = each of them. */
    provider: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)

export type SecretTestRequest = Static<typeof SecretTestRequestSchema>

/** What the providers said. `works`: all did. */
export const SecretTestSchema = Type.Object({
  works: Type.Boolean(),
  results: Type.Array(
    Type.Object({
      provider: Type.String(),
      host: Type.String(),
      works: Type.Boolean(),
      /** Models that the provider lists; null when it did not answer so. */
      models: nullable(Type.Integer()),
      /** The error's code; null when it works. */
      code: nullable(Type.String()),
      /** `Works: 27 models.`, or what was wrong and what to do. */
      sentence: Type.String(),
    }),
  ),
})

export type SecretTest = Static<typeof SecretTestSchema>
