import { useMutation, useQueryClient } from '@tanstack/react-query'
import { IconFlag } from '@tabler/icons-react'
import { useCallback, useId, useRef, useState } from 'react'
import { Menu } from '../../components/menu.tsx'
import { TierItem } from '../../components/tier-menu.tsx'
import { type RequestStory, type Tier, tierOrder } from '../../contract.ts'
import { failureReason } from '../../state/failure-reason.ts'
import { useLive, useSurroundings } from '../../state/live-context.tsx'
import { strings } from '../../strings.ts'

const words = strings.activity.wrong

/** Marks what tier a request should have been. The features of the turn are stored with it, never its text. */
export function WrongTier({ story }: { readonly story: RequestStory }) {
  const { client } = useSurroundings()
  const queries = useQueryClient()
  const { connection } = useLive()
  const anchor = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const problemId = useId()
  const close = useCallback(() => {
    setOpen(false)
    anchor.current?.focus()
  }, [])
  const mark = useMutation({
    mutationFn: async (tier: Tier | undefined) => {
      if (tier === undefined) await client.deleteLabel(story.id)
      else await client.label(story.id, { tier })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['request', story.id] }),
  })
  const choose = (tier: Tier | undefined) => {
    mark.mutate(tier)
    close()
  }
  const { label } = story
  return (
    <span className="wrong-tier">
      <button
        ref={anchor}
        type="button"
        className="button button-small"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-describedby={mark.isError ? problemId : undefined}
        disabled={mark.isPending || connection !== 'live'}
        onClick={() => setOpen(true)}
      >
        <IconFlag size={16} stroke={1.4} aria-hidden="true" />
        {label === null ? words.button : words.marked(label.tier)}
      </button>
      {mark.isError && (
        <span id={problemId} role="alert" className="field-error">
          {words.failed(failureReason(mark.error))}
        </span>
      )}
      {open && (
        <Menu title={words.menu} anchor={anchor} onClose={close}>
          {tierOrder.map((tier) => (
            <TierItem key={tier} tier={tier} words={tier} checked={label?.tier === tier} onChoose={choose} />
          ))}
          {label !== null && (
            <button
              type="button"
              role="menuitem"
              tabIndex={-1}
              className="tier-menu-item menu-item-plain"
              onClick={() => choose(undefined)}
            >
              {words.remove}
            </button>
          )}
          <p className="menu-note under">{words.note}</p>
        </Menu>
      )}
    </span>
  )
}
