import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { tierOrder } from '../../contract.ts'
import type { RequestFilter } from '../../state/request-filter.ts'
import { strings } from '../../strings.ts'

const words = strings.activity

export interface FilterBarProps {
  readonly filter: RequestFilter
  readonly agents: readonly string[]
  readonly onChange: (filter: RequestFilter) => void
}

type Choice = readonly [value: string, label: string]

/** The search and what the list can be narrowed to. A slash leads to the search from anywhere outside a field. */
export function FilterBar({ filter, agents, onChange }: FilterBarProps) {
  const search = useRef<HTMLInputElement>(null)
  useSlash(search)
  const known = filter.agent === '' || agents.includes(filter.agent) ? agents : [...agents, filter.agent]
  const same = (names: readonly string[]): Choice[] => names.map((name) => [name, name])
  const choice = (name: 'tier' | 'agent' | 'status' | 'range', label: string, choices: readonly Choice[]) => (
    <select
      className={filter[name] === choices[0]?.[0] ? 'input filter' : 'input filter filter-on'}
      aria-label={label}
      value={filter[name]}
      onChange={(event) => onChange({ ...filter, [name]: event.target.value })}
    >
      {choices.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  )
  return (
    <search className="filters">
      <span className="search">
        <IconSearch size={16} stroke={1.4} aria-hidden="true" />
        <input
          ref={search}
          type="search"
          className="input"
          aria-label={words.searchLabel}
          placeholder={words.search}
          spellCheck={false}
          autoComplete="off"
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            // The first Escape empties the field, the second leaves it.
            if (filter.text === '') search.current?.blur()
            else onChange({ ...filter, text: '' })
            event.preventDefault()
            event.stopPropagation()
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </span>
      {choice('tier', words.tierLabel, [['', words.tiers], ...same([...tierOrder, 'DIRECT'])])}
      {choice('agent', words.agentLabel, [['', words.agents], ...same(known)])}
      {choice('status', words.statusLabel, [
        ['', words.statuses],
        ['failed', words.failed],
      ])}
      {choice('range', words.rangeLabel, Object.entries(words.ranges))}
    </search>
  )
}

function useSlash(search: React.RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if ((event.target as HTMLElement).closest('input, textarea, select, [contenteditable]') !== null) return
      search.current?.focus()
      event.preventDefault()
    }
    window.addEventListener('keydown', handle)
    return () => window.removeEventListener('keydown', handle)
  }, [search])
}
