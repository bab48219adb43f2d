import type { LampState } from '../state/lamp-state.ts'

/** A state lamp, 10 px. Always followed by a word, so it is decoration to a screen reader. */
export function Lamp({ state }: { readonly state: LampState }) {
  return (
    <svg className={`lamp lamp-${state}`} viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
      {state === 'up' ? <circle className="lamp-disc" cx="5" cy="5" r="4.5" /> : <circle cx="5" cy="5" r="4" />}
      {state === 'away' && <path className="lamp-disc" d="M5 1a4 4 0 0 0 0 8Z" />}
      {state === 'failed' && <path d="M2.2 7.8 7.8 2.2" />}
    </svg>
  )
}
