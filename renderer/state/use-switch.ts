import { useMutation } from '@tanstack/react-query'
import { ControlError } from '../../gateway/contract/control-client.ts'
import type { Position, RouterView } from '../contract.ts'
import { strings } from '../strings.ts'
import { useSurroundings } from './live-context.tsx'

export interface SwitchState {
  /** Where the switch stands on screen: what was asked for while it is on its way. */
  readonly position: Position
  readonly change: (position: Position) => void
  /** Why the last change did not happen. */
  readonly problem: string | undefined
}

/** A router's switch: moves at once, goes back with a sentence when the gateway refuses. */
export function useSwitch(router: RouterView): SwitchState {
  const { client, store } = useSurroundings()
  const mutation = useMutation({
    mutationFn: (position: Position) => client.setSwitch(router.name, position),
    onSuccess: (changed) => store.putRouter(changed),
  })
  const reason = mutation.error instanceof ControlError ? mutation.error.message : strings.routers.noAnswer
  return {
    position: mutation.isPending ? mutation.variables : router.position,
    change: mutation.mutate,
    problem: mutation.isError ? strings.routers.changeFailed(router.name, reason) : undefined,
  }
}
