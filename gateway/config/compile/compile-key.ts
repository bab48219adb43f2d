import { Secret } from '../../model/secret.ts'
import type { KeyReference } from '../gateway-config.ts'
import type { ProviderFacts } from '../providers/catalogue.ts'
import { sameOrigin } from '../providers/base-url.ts'
import type { SourceNode } from '../source/source-tree.ts'
import type { CompileContext } from './compile-context.ts'

/** What a header can carry. */
const headerText = /^[\x20-\x7E\x80-\xFF]*$/

/** Shorter texts stand for "anything will do" at a local server. */
const shortestRealKey = 16

/** The variable in a text that no key looks like: `$NAME`, `os.environ.NAME`, `env:NAME`, `{env:NAME}`, `{{NAME}}`, `%NAME%`. */
function meantVariable(text: string): string | undefined {
  const slip =
    /^(?:\$\{?\s*|%|\{{1,2}\s*)?(?:(?:os\.|process\.)?env(?:iron)?[./:])?\s*(?<name>[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET)(?:_\d+)?)\s*(?:%|\}{1,2})?$/
  return slip.exec(text)?.groups?.['name']
}

/** A key as the file has it; undefined when it has none (absent, empty). */
export function readWrittenKey(node: SourceNode | undefined, context: CompileContext): KeyReference | undefined {
  if (node === undefined || node.kind !== 'scalar' || node.value === null) return undefined
  const text = typeof node.value === 'string' ? node.value : node.text
  const expanded = context.variables.expand(text, node.place, node.path)
  if (expanded.kind === 'missing') return { kind: 'missing', names: expanded.names }
  const value = expanded.text.trim()
  if (value === '') return undefined
  const meant = expanded.kind === 'literal' ? meantVariable(value) : undefined
  if (meant !== undefined) {
    context.problems.warning({
      place: node.place,
      path: node.path,
      message: `This is sent as the key as it stands. If the variable ${meant} is meant, write os.environ/${meant}`,
      seen: value,
      wanted: `os.environ/${meant}`,
    })
  } else if (expanded.kind === 'literal' && value.length >= shortestRealKey) {
    context.problems.once('note', 'written key', {
      place: node.place,
      path: node.path,
      message: 'A key is written in this file. os.environ/NAME in its place keeps it out of the file',
      seen: '[hidden]',
    })
  }
  const names = expanded.kind === 'expanded' ? { names: expanded.names } : {}
  return { kind: 'value', secret: new Secret(value), ...names }
}

/** The key of a deployment: what is written, else the provider's usual variables, else none. */
export function compileApiKey(
  node: SourceNode | undefined,
  provider: ProviderFacts,
  baseUrl: string,
  at: SourceNode,
  context: CompileContext,
): KeyReference {
  const written = readWrittenKey(node, context)
  if (written?.kind === 'value' && !headerText.test(written.secret.reveal())) {
    const wanted = 'a key of plain characters; a typographic quote, a line break or an invisible character was pasted'
    context.problems.error({
      place: node?.place,
      path: node?.path,
      message: `api_key must be ${wanted}`,
      seen: '[hidden]',
      wanted,
    })
    return { kind: 'none' }
  }
  if (written?.kind === 'value' && written.secret.reveal().toLowerCase() === 'none') return { kind: 'none' }
  if (written !== undefined) return written
  return usualKey(provider, baseUrl, at, context)
}

function usualKey(provider: ProviderFacts, baseUrl: string, at: SourceNode, context: CompileContext): KeyReference {
  const [first] = provider.keyVariables
  if (first === undefined) return { kind: 'none' }
  const ownHost = provider.ownDefinition || (provider.baseUrl !== undefined && sameOrigin(provider.baseUrl, baseUrl))
  // A key of a known provider never goes to another host unless the file says so: api_base may be anybody's server.
  if (!ownHost) return { kind: 'none' }
  for (const name of provider.keyVariables) {
    const value = context.variables.find(name)
    if (value === undefined) continue
    const key = value.trim()
    if (headerText.test(key)) return { kind: 'value', secret: new Secret(key), names: [name] }
    context.problems.warning({
      place: at.place,
      path: at.path,
      message: `${name} holds characters that no key has, such as a typographic quote or a line break: it is not used`,
      seen: '[hidden]',
      wanted: 'a key of plain characters',
    })
    return { kind: 'missing', names: [name] }
  }
  context.variables.want(first, at.place, at.path)
  return { kind: 'missing', names: provider.keyVariables }
}
