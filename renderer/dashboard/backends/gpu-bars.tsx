import type { GpuView } from '../../contract.ts'
import { formatShare } from '../../format/figures.ts'
import { formatMemory } from '../../format/size.ts'
import { memoryParts } from '../../state/gpu-memory.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { useFollowed } from '../../state/use-followed.ts'
import { strings } from '../../strings.ts'

const words = strings.backends.gpus
const everyMs = 5_000

/** The memory of this machine's GPUs, split by process. Nothing where there is no GPU. */
export function GpuBars() {
  const { client } = useSurroundings()
  const gpus = useFollowed(['gpus'], client.gpus, everyMs)
  const { gpus: all = [], problems = [] } = gpus.data ?? {}
  if (all.length === 0 && problems.length === 0) return null
  return (
    <div className="gpus">
      <h3 className="label">{words.title}</h3>
      {all.map((gpu) => (
        <GpuRow key={gpu.id} gpu={gpu} />
      ))}
      {problems.map((problem) => (
        <p key={problem} className="under tone-warning">
          {problem}
        </p>
      ))}
    </div>
  )
}

function GpuRow({ gpu }: { readonly gpu: GpuView }) {
  const { memoryUsedBytes: used, memoryTotalBytes: total, utilization } = gpu
  const parts = memoryParts(gpu, words.other)
  const busy = utilization === null ? [] : [words.busy(formatShare(utilization / 100))]
  const legend = parts.map(({ name, bytes }) => `${name} ${formatMemory(bytes)}`)
  const naming = { role: 'img', 'aria-label': `${gpu.name}: ${[...legend, ...busy].join(', ') || words.unknown}` }
  return (
    <div className="gpu">
      <span className="gpu-name" title={gpu.driver ?? undefined}>
        {gpu.name}
      </span>
      <svg className="gpu-bar" {...naming}>
        <rect className="bar-track" width="100%" height="100%" rx="2" />
        {parts.map((part, place) => (
          <rect
            key={part.name}
            className={`gpu-part gpu-part-${Math.min(place, 3)}`}
            x={`${parts.slice(0, place).reduce((sum, { share }) => sum + share, 0) * 100}%`}
            width={`${part.share * 100}%`}
            height="100%"
          />
        ))}
      </svg>
      <span className="gpu-amount">
        {used === null || total === null ? words.unknown : words.amount(formatMemory(used), formatMemory(total))}
      </span>
      <span className="under gpu-legend">
        {parts.map(({ name, bytes }, place) => (
          <span key={name}>
            <span className={`gpu-key gpu-part-${Math.min(place, 3)}`} aria-hidden="true" />
            {name} {formatMemory(bytes)}
          </span>
        ))}
        {busy.map((text) => (
          <span key={text}>{text}</span>
        ))}
        {gpu.unified && <span>{words.unified}</span>}
      </span>
    </div>
  )
}
