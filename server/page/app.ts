/** The page's program: one state, and the views that show it. */
import { createServer } from './logic/server.ts'
import { INITIAL } from './logic/state.ts'
import { createStore } from './logic/store.ts'
import { createActions } from './view/actions.ts'
import { mountAddress, openFromAddress } from './view/address.ts'
import type { App } from './view/app-context.ts'
import { mountCompare } from './view/compare.ts'
import { mountKeyField } from './view/key-field.ts'
import { mountModelPicker } from './view/model-picker.ts'
import { mountProblem } from './view/problem.ts'
import { mountShare } from './view/share.ts'
import { mountLayerView } from './view/layer-view.ts'
import { mountNetworkTree } from './view/network-tree.ts'
import { mountStage } from './view/stage.ts'
import { mountStatus } from './view/status.ts'
import { mountTabs } from './view/tabs.ts'
import { mountTheme } from './view/theme.ts'

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
mountStage(app)
mountNetworkTree(app)
mountLayerView(app)
mountCompare(app)
mountShare(app)
openFromAddress(app)
