import type { MarkState } from '../state/mark-state.ts'

const head = 'M1 12V11C1 5.5 5.5 1 11 1h3c.6 0 1 .4 1 1v10c0 .6-.4 1-1 1H2c-.6 0-1-.4-1-1Z'
const lamps = {
  left: 'M3.15 9.6a2.05 2.05 0 1 0 4.1 0a2.05 2.05 0 1 0 -4.1 0Z',
  right: 'M8.95 9.6a2.05 2.05 0 1 0 4.1 0a2.05 2.05 0 1 0 -4.1 0Z',
  top: 'M8.95 4.4a2.05 2.05 0 1 0 4.1 0a2.05 2.05 0 1 0 -4.1 0Z',
}
const lit: Record<Exclude<MarkState, 'off'>, string> = {
  ok: lamps.right + lamps.top,
  working: lamps.left + lamps.right + lamps.top,
  degraded: lamps.left + lamps.top,
}

/** The mark, a ground signal: which lamps are lit tells the state. Decorative, because the state stands beside it in words. */
export function Mark({ state, size = 22 }: { readonly state: MarkState; readonly size?: number }) {
  return (
    <svg className="mark" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      {state === 'off' ? (
        <path
          className="mark-outline"
          d="M1.6 12.4V11C1.6 5.8 5.8 1.6 11 1.6h3.4v10.8Z"
          strokeWidth="1.2"
          strokeLinejoin="round"
        />
      ) : (
        <path fillRule="evenodd" d={head + lit[state]} />
      )}
      <path d="M4 14h8v1H4Z" />
    </svg>
  )
}
