import { Switch } from '../../components/switch.tsx'
import { desktopBridge } from '../../state/desktop-bridge.ts'
import { useDesktop } from '../../state/use-desktop.ts'
import { strings } from '../../strings.ts'

const words = strings.settingsPage.updates

/** Whether the desktop application looks for newer versions, and what it found. */
export function UpdatesPart() {
  const { view, change } = useDesktop()
  if (view === undefined) return <p className="quiet">{words.browser}</p>
  const { state, version, message } = view.update
  return (
    <div className="form">
      <Switch
        label={words.look}
        hint={words.lookHint}
        on={view.settings.updates}
        disabled={state === 'unavailable'}
        onChange={(updates) => change({ updates })}
      />
      <output className={state === 'failed' ? 'field-error' : 'under'}>{words.states[state](version ?? '')}</output>
      {message !== null && <p className="under">{message}</p>}
      {state === 'ready' && (
        <div>
          <button type="button" className="button" onClick={() => desktopBridge()?.installUpdate()}>
            {words.install}
          </button>
        </div>
      )}
    </div>
  )
}
