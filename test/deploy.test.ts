/** Checks the Dockerfile, compose.yaml's server, deploy/kubernetes/ and deploy/systemd/ against the server that they run. */
import { readdirSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { configSchema, readConfig } from '../server/config.ts'
import { rootUrl, source } from './support/files.ts'

/** Variables that are not the server's own: Node's, libvips', onnxruntime's, fontconfig's and the loader's. */
const OTHERS = ['NODE_ENV', 'LD_PRELOAD', 'VIPS_CONCURRENCY', 'ORT_DISABLE_TELEMETRY', 'XDG_CACHE_HOME']
const KUBERNETES = 'deploy/kubernetes'
const { PORT, SHUTDOWN_TIMEOUT } = readConfig({})

const dockerfile = source('Dockerfile').replace(/\\\n\s*/g, '')
const compose = parse(source('compose.yaml')).services['nanodet-server']
const kustomization = parse(source(`${KUBERNETES}/kustomization.yaml`))
const objects: Array<Record<string, any>> = kustomization.resources.map((file: string) => parse(source(`${KUBERNETES}/${file}`)))
const object = (kind: string): Record<string, any> => objects.find(object => object['kind'] === kind)!
const pod = object('Deployment')['spec'].template
const [container] = pod.spec.containers

const instructions = (name: string): string[] => [...dockerfile.matchAll(new RegExp(`^${name} +(.*)$`, 'gm'))].map(([, rest]) => rest!)
const imageEnv = new Map(instructions('ENV').at(-1)!.split(/\s+/).map(pair => pair.split('=') as [string, string]))
const routes = ['routes', 'plugins'].flatMap(folder => readdirSync(new URL(`server/${folder}`, rootUrl)).map(file => source(`server/${folder}/${file}`)))
  .flatMap(code => [...code.matchAll(/app\.get\('([^']+)'/g)].map(([, path]) => path))
const service = source('deploy/systemd/nanodet-server.service')
/** The values of a setting of the systemd unit. */
const unit = (name: string): string[] => [...service.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!)
const seconds = (duration: string): number => Number(/^(\d+)s$/.exec(duration)![1])

t.test('ports are the default PORT', async t => {
  t.equal(imageEnv.get('PORT'), String(PORT))
  t.same(instructions('EXPOSE'), [String(PORT)])
  t.match(compose.ports, [/^127\.0\.0\.1:/])
  t.ok(compose.ports[0].endsWith(`:${PORT}`))
  t.same(container.ports, [{ name: 'http', containerPort: PORT }])
})

t.test('variables are settings, or are known to belong to others', async t => {
  const names = [...imageEnv.keys(), ...Object.keys(compose.environment), ...container.env.map(({ name }: { name: string }) => name)]
  for (const name of names) t.ok(name in configSchema.shape || OTHERS.includes(name), name)
  for (const name of OTHERS) t.ok(imageEnv.has(name), name)
  t.doesNotThrow(() => readConfig(Object.fromEntries(imageEnv)))
})

t.test('probes and scrapes request existing routes', async t => {
  for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
    const { path, port } = container[probe].httpGet
    t.ok(routes.includes(path), `${probe}: ${path}`)
    t.equal(port, 'http')
  }
  const [scrape] = object('ServiceMonitor')['spec'].endpoints
  t.ok(routes.includes(scrape.path), scrape.path)
  const [, imageProbe] = /^.*? CMD (\[.*\])$/.exec(instructions('HEALTHCHECK')[0]!)!
  t.same(compose.healthcheck.test, ['CMD', ...JSON.parse(imageProbe!)])
  t.ok(routes.includes(/'(\/health\/\w+)'/.exec(imageProbe!)![1]))
})

t.test('requests in flight have the time of SHUTDOWN_TIMEOUT', async t => {
  t.ok(seconds(compose.stop_grace_period) * 1000 > SHUTDOWN_TIMEOUT)
  const [, delay] = container.lifecycle.preStop.exec.command
  t.ok((pod.spec.terminationGracePeriodSeconds - delay) * 1000 > SHUTDOWN_TIMEOUT)
  t.ok(Number(unit('TimeoutStopSec')[0]) * 1000 > SHUTDOWN_TIMEOUT)
})

t.test('the systemd unit starts the built server, and rereads models on reload', async t => {
  t.same(unit('ExecStart'), ['/usr/bin/env node dist/start/main.js'])
  t.same(unit('ExecReload'), ['/bin/kill -HUP $MAINPID'])
  t.same(unit('KillMode'), ['mixed'], 'workers are ended by the server')
  for (const [name, value] of unit('Environment').map(pair => pair.split('=') as [string, string])) {
    t.ok(name in configSchema.shape || OTHERS.includes(name), name)
    t.doesNotThrow(() => readConfig({ [name]: value }))
  }
  t.same(unit('MemoryDenyWriteExecute'), [], 'V8 compiles code')
  for (const [name, value] of [['DynamicUser', 'yes'], ['ProtectSystem', 'strict'], ['NoNewPrivileges', 'yes'], ['CapabilityBoundingSet', '']] as const) {
    t.same(unit(name), [value], name)
  }
  t.ok(source('docs/operations.md').includes('deploy/systemd/nanodet-server.service'))
})

t.test('Kubernetes objects refer to each other', async t => {
  const { labels } = pod.metadata
  for (const selector of [
    object('Deployment')['spec'].selector.matchLabels,
    object('Service')['spec'].selector,
    object('PodDisruptionBudget')['spec'].selector.matchLabels,
    ...pod.spec.topologySpreadConstraints.map((constraint: any) => constraint.labelSelector.matchLabels)
  ]) t.same(selector, labels)
  t.same(object('ServiceMonitor')['spec'].selector.matchLabels, object('Service')['metadata'].labels)
  const { apiVersion, kind, metadata: { name } } = object('Deployment')
  t.same(object('HorizontalPodAutoscaler')['spec'].scaleTargetRef, { apiVersion, kind, name })
  t.equal(object('Service')['spec'].ports[0].targetPort, container.ports[0].name)
  t.equal(object('ServiceMonitor')['spec'].endpoints[0].port, object('Service')['spec'].ports[0].name)
  t.same(container.volumeMounts.map(({ name }: any) => name), pod.spec.volumes.map(({ name }: any) => name))
  t.ok(kustomization.images.some(({ name }: any) => name === container.image))
  const files = readdirSync(new URL(KUBERNETES, rootUrl)).filter(file => file.endsWith('.yaml') && file !== 'kustomization.yaml')
  t.same(kustomization.resources.toSorted(), files.toSorted())
})

t.test('nothing runs as root or writes outside /tmp', async t => {
  t.same(instructions('USER'), ['node'])
  t.match(compose, { read_only: true, tmpfs: '/tmp', cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
  t.match(pod.spec.securityContext, { runAsNonRoot: true, runAsUser: 1000 })
  t.match(container.securityContext, { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } })
})
