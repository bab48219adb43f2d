import type { BackendList, BackendView } from '../contract/backends.ts'
import { textTable } from './text-table.ts'

const gibibyte = 1024 ** 3

/** The local servers as lines for a terminal: each with its models under it, and what to do where something is wrong. */
export function backendLines({ discovery, backends }: BackendList): string[] {
  if (backends.length === 0) {
    return [
      discovery
        ? 'No local server was found on this machine. Those elsewhere are named in the config under backends.'
        : 'Servers of this machine are not looked for (signalbox.discovery or SIGNALBOX_DISCOVER), and the config names none.',
    ]
  }
  return backends.flatMap((backend) => [headLine(backend), ...bodyLines(backend).map((line) => `  ${line}`)])
}

function headLine({ name, label, version, url, state, busy, added }: BackendView): string {
  const what = version === null ? label : `${label} ${version}`
  const marks = [state, ...(busy ? ['busy'] : []), ...(added ? [] : ['offered, not in use'])]
  return `${name}  ${marks.join(', ')}  ${what}  ${url}`
}

function bodyLines({ label, reason, remedy, models, asLastSeen }: BackendView): string[] {
  const problem = reason === null ? [] : [`${label} ${reason}.`]
  const advice = remedy === null ? [] : [remedy]
  return [...problem, ...advice, ...textTable(models.map(modelRow)), ...lastSeenLines(asLastSeen)]
}

/** UTC, since a terminal may be anywhere. */
function lastSeenLines(seen: BackendView['asLastSeen']): string[] {
  if (seen === null || seen.models.length === 0) return []
  const at = `${new Date(seen.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return [`As last seen (${at}):`, ...textTable(seen.models.map(modelRow)).map((line) => `  ${line}`)]
}

function modelRow(model: BackendView['models'][number]): string[] {
  return [
    model.name,
    model.local ? (model.loaded === true ? 'loaded' : model.loaded === false ? 'not loaded' : '') : 'cloud, not in use',
    model.contextWindow === null ? '' : `${model.contextWindow} tokens`,
    [model.parameters, model.quantization].filter((part) => part !== null).join(' '),
    model.sizeBytes === null ? '' : `${(model.sizeBytes / gibibyte).toFixed(1)} GiB`,
    (model.capabilities ?? []).join(', '),
  ]
}
