export interface BarProps {
  /** How much is gone, 0 to 1; beyond it the bar is full. */
  readonly share: number
  /** What it measures and how far it is, in words. */
  readonly label: string
  /** Where it would be if it went evenly, 0 to 1. */
  readonly tick?: number | undefined
  /** A part of a whole, where full is no trouble. */
  readonly neutral?: boolean
}

const nearFrom = 0.8

/** The tone of what is used up: quiet below 80 %, a warning from there, an error when nothing is left. */
export function barTone(share: number): 'plain' | 'near' | 'reached' {
  if (share >= 1) return 'reached'
  return share >= nearFrom ? 'near' : 'plain'
}

/** How much of a limit is gone. */
export function Bar({ share, label, tick, neutral = false }: BarProps) {
  const width = Math.min(1, Math.max(0, share)) * 100
  const naming = { role: 'img', 'aria-label': label }
  return (
    <svg className={`bar bar-${neutral ? 'plain' : barTone(share)}`} {...naming}>
      <rect className="bar-track" width="100%" height="100%" rx="2" />
      <rect className="bar-fill" width={`${width}%`} height="100%" rx="2" />
      {tick !== undefined && <rect className="bar-tick" x={`${tick * 100}%`} width="2" />}
    </svg>
  )
}
