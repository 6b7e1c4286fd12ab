/** Checks the dashboard, the alerts and the list in docs/operations.md against GET /metrics. */
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { photo, source } from './support/files.ts'
import { startApp } from './support/server.ts'

interface Served { type: string, labels: Set<string> }
interface Panel { type: string, title: string, targets?: Array<{ expr: string }> }
interface Rule { alert: string, expr: string, annotations: { summary: string, description: string } }

/** Prometheus' own: whether a scrape came through. */
const PROMETHEUS = ['up']
const OURS = /^nanodet_/

const dashboard: { panels: Panel[], templating: { list: Array<{ name: string, query?: { query: string } }> } } = JSON.parse(source('deploy/grafana/dashboard.json'))
const rules: Rule[] = parse(source('deploy/prometheus/alerts.yaml')).groups.flatMap(({ rules }: { rules: Rule[] }) => rules)
const shown = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
const asked = dashboard.templating.list.flatMap(({ query }) => query?.query ?? [])

/** The metrics that an expression reads. Labels and functions without a parenthesis have no underscore in their names. */
const metricsIn = (expr: string): string[] =>
  [...expr.replace(/"[^"]*"/g, '""').matchAll(/\b[a-z]+_\w+\b(?! *\()|\bup\b/g)].map(([name]) => name)

/** What is served after a detection, an error and a while: names as queries use them, and the labels of each. */
async function readServed (t: Test): Promise<Map<string, Served>> {
  const { app } = await startApp(t)
  await app.inject({ method: 'POST', url: '/detect', payload: photo('sample-me.jpg'), headers: { 'content-type': 'image/jpeg' } })
  await app.inject('/nowhere')
  await sleep(50) // a request is counted when its answer is out
  const text = (await app.inject('/metrics')).payload
  const served = new Map<string, Served>()
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const samples = [...text.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?\\{(.*)\\} `, 'gm'))]
    const labels = new Set(samples.flatMap(([, list]) => [...list!.matchAll(/(\w+)="/g)].map(([, label]) => label!)))
    served.set(name!, { type: type!, labels })
  }
  return served
}

const familyOf = (name: string): string => name.replace(/_(bucket|sum|count)$/, '')

t.test('metrics', async t => {
  const served = await readServed(t)
  const isServed = (name: string): boolean => served.has(name) || served.get(familyOf(name))?.type === 'histogram' || PROMETHEUS.includes(name)

  t.test('the dashboard queries existing metrics', async t => {
    t.ok(shown.length > 10)
    for (const expr of [...shown, ...asked.map(query => query.replace(/^label_values\((.*), \w+\)$/, '$1'))]) {
      t.ok(metricsIn(expr).length > 0, expr)
      for (const name of metricsIn(expr)) t.ok(isServed(name), `${name} in ${expr}`)
    }
  })

  t.test('alerts query existing metrics, and have instructions', async t => {
    for (const { alert, expr, annotations: { summary, description } } of rules) {
      t.ok(metricsIn(expr).length > 0, alert)
      for (const name of metricsIn(expr)) t.ok(isServed(name), `${name} in ${alert}`)
      t.ok(summary.length > 10 && description.length > 80, `${alert} is explained`)
    }
  })

  t.test('every nanodet_ metric is on the dashboard', async t => {
    const used = new Set(shown.flatMap(metricsIn).map(familyOf))
    for (const name of [...served.keys()].filter(name => OURS.test(name))) t.ok(used.has(name), name)
  })

  t.test('docs/operations.md lists every nanodet_ metric, with its type and labels', async t => {
    const rows = [...source('docs/operations.md').matchAll(/^\| `(\w+)` \| (\w+) \|([^|]*)\|/gm)]
      .map(([, name, type, labels]) => ({ name: name!, type: type!, labels: new Set([...labels!.matchAll(/`(\w+)`/g)].map(([, label]) => label!)) }))
    t.same(rows.map(({ name }) => name).filter(name => OURS.test(name)).sort(), [...served.keys()].filter(name => OURS.test(name)).sort())
    for (const { name, type, labels } of rows) {
      t.equal(type, served.get(name)?.type, name)
      const found = [...served.get(name)?.labels ?? []].filter(label => label !== 'le')
      if (found.length > 0) t.same([...labels].sort(), found.sort(), name)
    }
  })
})
