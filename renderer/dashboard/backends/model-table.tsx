import type { BackendView } from '../../contract.ts'
import { formatCount } from '../../format/figures.ts'
import { formatFileSize, formatWindow } from '../../format/size.ts'
import { strings } from '../../strings.ts'

const words = strings.backends
type Model = BackendView['models'][number]

export interface ModelTableProps {
  readonly models: readonly Model[]
  readonly caption: string
  /** What a server had that is not there now. */
  readonly away?: boolean
}

/** Models as their servers describe them; what a server does not say is unknown. */
export function ModelTable({ models, caption, away = false }: ModelTableProps) {
  return (
    <table className="table model-table">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th>{words.columns.model}</th>
          <th className="number">{words.columns.size}</th>
          <th className="number">{words.columns.context}</th>
          <th className="can-column">{words.columns.can}</th>
          <th className="number">{words.columns.state}</th>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <ModelRow key={model.name} model={model} away={away} />
        ))}
      </tbody>
    </table>
  )
}

function ModelRow({ model, away }: { readonly model: Model; readonly away: boolean }) {
  const build = [model.parameters, model.quantization].filter((part) => part !== null).join(', ')
  return (
    <tr>
      <th scope="row">
        <span className="name-block">
          <span className="name" title={model.name}>
            {model.name}
          </span>
          {build !== '' && <span className="under">{build}</span>}
        </span>
      </th>
      <td className="number">{model.sizeBytes === null ? <Unknown /> : formatFileSize(model.sizeBytes)}</td>
      <td className="number" title={model.contextWindow === null ? undefined : formatCount(model.contextWindow)}>
        {model.contextWindow === null ? <Unknown /> : formatWindow(model.contextWindow)}
      </td>
      <td className="can-column quiet">{capabilities(model)}</td>
      <td className={model.loaded === true && !away ? 'number cost-strong' : 'number quiet'}>
        {away ? words.away : stateOf(model)}
      </td>
    </tr>
  )
}

function Unknown() {
  return <span className="under">{words.unknown}</span>
}

/** Chat goes without saying where there is more to say. */
function capabilities({ capabilities: all }: Model): string {
  if (all === null) return words.unknown
  const special = all.filter((word) => word !== 'chat')
  return special.length > 0 ? special.join(', ') : words.chat
}

function stateOf({ local, loaded }: Model): string {
  if (!local) return words.cloud
  return loaded === null ? words.unknown : loaded ? words.loaded : words.onDisk
}
