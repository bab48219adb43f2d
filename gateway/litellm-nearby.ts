import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { readPlainYaml } from './config/edit/read-plain-yaml.ts'
import type { Setup } from './contract/setup.ts'
import { isJsonObject } from './model/json.ts'

/** Where people keep a stack of LiteLLM, below their home; the folder itself, too. */
const usualFolders = [
  '',
  'litellm',
  '.litellm',
  'litellm-proxy',
  'docker/litellm',
  'compose/litellm',
  'containers/litellm',
  'services/litellm',
  'Documents/litellm',
  'projects/litellm',
] as const

const usualNames = ['litellm_config.yaml', 'litellm-config.yaml', 'litellm_config.yml', 'proxy_config.yaml'] as const
/** Means something only in a folder that says whose it is. */
const commonNames = ['config.yaml', 'config.yml'] as const
const mostBytes = 4 * 1024 * 1024

/**
 * Files of a LiteLLM stack in the usual places.
 * @param own the config in use, which is none of them
 */
export function findStacks(home: string, workingDirectory: string, own: string): Setup['stacks'] {
  const folders = [...usualFolders.map((folder) => join(home, folder)), workingDirectory, '/etc/litellm']
  const paths = folders.flatMap((folder) =>
    [...usualNames, ...(basename(folder).includes('litellm') ? commonNames : [])].map((name) => join(folder, name)),
  )
  return [...new Set(paths.map((path) => resolve(path)))]
    .filter((path) => path !== resolve(own))
    .flatMap((path) => {
      const text = readSmall(path)
      if (text === undefined) return []
      return [{ path, models: countModels(text), command: `signalbox import ${quoted(dirname(path))}` }]
    })
}

function readSmall(path: string): string | undefined {
  try {
    const found = statSync(path)
    return found.isFile() && found.size <= mostBytes ? readFileSync(path, 'utf8') : undefined
  } catch {
    // Not there, or not to be read: then it cannot be taken over either.
    return undefined
  }
}

function countModels(text: string): number | null {
  const { value } = readPlainYaml(text)
  const list = isJsonObject(value) ? value.model_list : undefined
  return Array.isArray(list) ? list.length : null
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/u.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

const answerMs = 1500

/** A LiteLLM proxy that answers on a port of this machine: its readiness names its version. Never rejects. */
export async function findLitellm(port: number, ask: typeof fetch = fetch): Promise<Setup['litellm']> {
  const url = `http://127.0.0.1:${port}`
  try {
    const answer = await ask(`${url}/health/readiness`, { signal: AbortSignal.timeout(answerMs), redirect: 'error' })
    const body: unknown = await answer.json()
    const version = (body as { litellm_version?: unknown } | null)?.litellm_version
    if (typeof version !== 'string') return null
    const shown = version.replaceAll(/[^\w.+-]/gu, '').slice(0, 30)
    const sentence = `LiteLLM ${shown} answers on port ${port}. Take its stack over with \`signalbox import\`, then stop it.`
    return { url, sentence }
  } catch {
    return null
  }
}
