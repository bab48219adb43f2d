import type { Role } from '../role.ts'
import type { ConfigFile } from '../schema/config-file.ts'
import type { SignalboxBlock } from '../schema/signalbox.ts'
import { type CompileContext, locate } from './compile-context.ts'
import { type DeclaredNames, readModelReference } from './model-references.ts'

const blocks = [
  ['roles', 'role'],
  ['categories', 'category'],
] as const

type WrittenRole = NonNullable<SignalboxBlock['roles']>[string]

/** No slash and no star: the name stands behind one, and patterns of keys cover it. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/** Roles and categories by the name they are called by. Each name in them is checked: one that nothing can bring is an error. */
export function compileRoles(file: ConfigFile, declared: DeclaredNames, context: CompileContext): Map<string, Role> {
  const roles = new Map<string, Role>()
  const listed = file.signalbox?.list_roles ?? false
  for (const [block, kind] of blocks) {
    const written = file.signalbox?.[block] ?? {}
    for (const [key, value] of Object.entries(written)) {
      const where = locate(context, written, key)
      const name = `${kind}/${key}`
      if (!isFree(key, name, { block, where }, declared, context)) continue
      const role = compileRole(name, value, where, declared, context)
      if (role !== undefined) roles.set(name, { kind, ...role, listed })
    }
  }
  return roles
}

type Where = ReturnType<typeof locate>

function isFree(
  key: string,
  name: string,
  { block, where }: { readonly block: string; readonly where: Where },
  declared: DeclaredNames,
  { problems }: CompileContext,
): boolean {
  if (!namePattern.test(key)) {
    const wanted = 'letters, digits, dots, dashes and underscores'
    problems.error({ ...where, message: `${block} has ${JSON.stringify(key)}, must be ${wanted}`, seen: key, wanted })
    return false
  }
  const isTaken = declared.models.has(name) || declared.routers.has(name) || declared.aliases.has(name)
  if (isTaken) {
    const message = `${name} is a name in ${block} and a model_name or alias: that one wins and the entry of ${block} has no effect`
    problems.warning({ ...where, message, seen: name })
  }
  return !isTaken
}

function compileRole(
  name: string,
  written: WrittenRole,
  where: Where,
  declared: DeclaredNames,
  context: CompileContext,
): Pick<Role, 'name' | 'model' | 'fallbacks' | 'line'> | undefined {
  const { model, fallbacks = [] } = typeof written === 'string' ? { model: written } : written
  const chain = typeof fallbacks === 'string' ? [fallbacks] : fallbacks
  const known = [model, ...chain].map((one) => isKnown(one, name, where, declared, context))
  if (known.includes(false)) return undefined
  const distinct = [...new Set(chain)].filter((one) => one !== model)
  return { name, model, fallbacks: distinct, line: where.place?.line ?? 0 }
}

function isKnown(
  model: string,
  subject: string,
  where: Where,
  declared: DeclaredNames,
  { problems }: CompileContext,
): boolean {
  const reference = readModelReference(model, declared)
  if (reference.kind === 'waiting') {
    problems.note({ ...where, message: `${subject} waits for ${model}: ${reference.because}`, seen: model })
  }
  if (reference.kind !== 'unknown') return true
  const { nearest } = reference
  const advice = nearest === undefined ? 'Add it to model_list, or name another' : `Did you mean ${nearest}?`
  problems.error({
    ...where,
    message: `${subject} names ${JSON.stringify(model)}, which is not in model_list. ${advice}`,
    seen: model,
    wanted: 'a model_name, router or capability such as local:tools',
    nearest,
  })
  return false
}
