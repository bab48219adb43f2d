import type { RefObject } from 'react'
import type { RouterView, Tier } from '../contract.ts'
import { strings } from '../strings.ts'
import { IconCheck } from '@tabler/icons-react'
import { Menu } from './menu.tsx'
import { TierShape } from './tier-shape.tsx'

export interface TierMenuProps {
  readonly router: RouterView
  readonly pinned: Tier | undefined
  /** The element it opens under. */
  readonly anchor: RefObject<HTMLElement | null>
  readonly onChoose: (tier: Tier) => void
  readonly onClose: () => void
}

/** The tiers a router can be pinned to. */
export function TierMenu({ router, pinned, anchor, onChoose, onClose }: TierMenuProps) {
  return (
    <Menu title={strings.routers.pinTo} anchor={anchor} onClose={onClose}>
      {router.tiers.map(({ tier, models }) => (
        <TierItem
          key={tier}
          tier={tier}
          words={models[0]?.name ?? strings.routers.noModel}
          checked={tier === pinned}
          onChoose={onChoose}
        />
      ))}
    </Menu>
  )
}

export interface TierItemProps {
  readonly tier: Tier
  /** Beside its letter. */
  readonly words: string
  readonly checked: boolean
  readonly onChoose: (tier: Tier) => void
}

/** One tier of a menu. */
export function TierItem({ tier, words, checked, onChoose }: TierItemProps) {
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={checked}
      aria-label={words === tier ? tier : `${tier}, ${words}`}
      tabIndex={-1}
      className="tier-menu-item"
      onClick={() => onChoose(tier)}
    >
      <TierShape tier={tier} />
      <span className="tier-menu-letter">{tier[0]}</span>
      <span className="tier-menu-model">{words}</span>
      {checked && <IconCheck size={16} stroke={1.4} aria-hidden="true" />}
    </button>
  )
}
