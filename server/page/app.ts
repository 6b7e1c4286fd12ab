/** The page's program: one state, and the views that show it. */
import { createServer } from './logic/server.ts'
import { INITIAL } from './logic/state.ts'
import { createStore } from './logic/store.ts'
import { createActions } from './view/actions.ts'
import type { App } from './view/app-context.ts'
import { mountAddress, openFromAddress } from './view/address.ts'
import { mountBoxPanel } from './view/box-panel.ts'
import { mountCompare } from './view/compare.ts'
import { mountFilters } from './view/filters.ts'
import { mountKeyField } from './view/key-field.ts'
import { mountLayerView } from './view/layer-view.ts'
import { mountModelPicker } from './view/model-picker.ts'
import { mountNetworkTree } from './view/network-tree.ts'
import { mountProblem } from './view/problem.ts'
import { mountRegion } from './view/region.ts'
import { mountShare } from './view/share.ts'
import { mountSource } from './view/source.ts'
import { mountStage } from './view/stage.ts'
import { mountStatus } from './view/status.ts'
import { mountTabs } from './view/tabs.ts'
import { mountTheme } from './view/theme.ts'
import { mountVerdictPanel } from './view/verdict-panel.ts'

const store = createStore(INITIAL)
const server = createServer(new URL('.', location.href), (...args) => fetch(...args))
const app: App = { store, server, actions: createActions(store, server) }

// The header's views start first: they read the address and the key.
mountTheme()
mountAddress(app)
mountKeyField(app)
mountProblem(app)
mountModelPicker(app)
mountStatus(app)
mountTabs(app)
mountSource(app)
mountStage(app)
mountRegion(app)
mountFilters(app)
mountBoxPanel(app)
mountVerdictPanel(app)
mountNetworkTree(app)
mountLayerView(app)
mountCompare(app)
mountShare(app)
openFromAddress(app)
