/** Checks deploy/kubernetes/bulk/ and compose.yaml's profile `bulk` against the commands that they run, and against each other. */
import { readdirSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { rootUrl, source } from './support/files.ts'
import { nanodet } from './support/nanodet.ts'

type Json = Record<string, any>

const FOLDER = 'deploy/kubernetes/bulk'
const SECRET = 'nanodet-bulk'
const kustomization: Json = parse(source(`${FOLDER}/kustomization.yaml`))
const objects: Json[] = kustomization['resources'].map((file: string) => parse(source(`${FOLDER}/${file}`)))
const object = (kind: string): Json => objects.find(object => object['kind'] === kind)!
const templateOf = (kind: string): Json => object(kind)['spec'].template
const workers = templateOf('Deployment')
const redis = templateOf('StatefulSet')
const plan: Json = object('CronJob')['spec'].jobTemplate.spec.template
const containers: Json[] = [workers, redis, plan].map(({ spec }) => spec.containers[0])
const [worker, store, planner] = containers as [Json, Json, Json]
const compose: Json = parse(source('compose.yaml'))
const service: Json = compose['services']['bulk-worker']

/** The value of an option of a command. */
const option = (args: readonly string[], name: string): string => args[args.indexOf(`--${name}`) + 1]!
const planned: string[] = /bulk plan .*$/.exec(planner['command'].at(-1))![0].split(' ')
const triggers: Json[] = object('ScaledObject')['spec'].triggers

t.test('commands and their options exist', async t => {
  for (const args of [worker['args'], planned, service['command']]) {
    const { exitCode, stdout } = await nanodet([...args.slice(0, 2), '--help'])
    t.equal(exitCode, 0, args.slice(0, 2).join(' '))
    for (const name of args.filter((arg: string) => arg.startsWith('--'))) t.match(stdout, `${name} `, name)
  }
  for (const program of [worker['command'], service['entrypoint']]) t.same(program, ['node', 'dist/bin/nanodet.js'])
  t.match(planner['command'].at(-1), 'node dist/bin/nanodet.js bulk plan')
})

t.test('plan, workers and KEDA have the same queue', async t => {
  const queue = option(worker['args'], 'queue')
  t.equal(option(planned, 'queue'), queue)
  t.same(triggers.map(({ metadata }) => metadata.listName), ['wait', 'active'].map(list => `bull:${queue}:${list}`))
})

t.test('probes and scrapes request routes of bulk work', async t => {
  const http = source('cli/bulk/http.ts')
  for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
    t.ok(http.includes(`'${worker[probe].httpGet.path}'`), probe)
    t.equal(worker[probe].httpGet.port, 'metrics')
  }
  const [scrape] = object('PodMonitor')['spec'].podMetricsEndpoints
  t.same(scrape, { port: 'metrics', path: '/metrics', interval: '15s' })
  t.ok(http.includes(`'${scrape.path}'`))
  t.same(worker['ports'], [{ name: 'metrics', containerPort: Number(option(worker['args'], 'port')) }])
  t.equal(option(worker['args'], 'host'), '0.0.0.0', 'probes come from outside of the pod')
  t.match(service['healthcheck'].test.at(-1), `127.0.0.1:${option(service['command'], 'port')}/health/ready`)
})

t.test('a worker has the time to hand its shard back', async t => {
  const [, ms] = /const GRACE = ([\d_]+)/.exec(source('bulk/queue/shard-worker.ts'))!
  const seconds = Number(ms!.replaceAll('_', '')) / 1000
  t.ok(workers['spec'].terminationGracePeriodSeconds > 2 * seconds)
  t.ok(parseInt(service['stop_grace_period']) > 2 * seconds)
})

t.test('objects refer to each other', async t => {
  for (const kind of ['Deployment', 'StatefulSet']) t.same(object(kind)['spec'].selector.matchLabels, templateOf(kind)['metadata'].labels)
  t.same(object('Service')['spec'].selector, redis['metadata'].labels)
  t.same(object('PodMonitor')['spec'].selector.matchLabels, workers['metadata'].labels)
  t.same(object('ScaledObject')['spec'].scaleTargetRef, { name: object('Deployment')['metadata'].name })
  const { metadata: { name }, spec: { ports: [{ port }] } } = object('Service') as any
  t.equal(object('StatefulSet')['spec'].serviceName, name)
  for (const { metadata: { address }, authenticationRef } of triggers) {
    t.equal(address, `${name}.${kustomization['namespace']}.svc:${port}`)
    t.same(authenticationRef, { name: object('TriggerAuthentication')['metadata'].name })
  }
  for (const { env } of [worker, planner]) t.match(env.at(-1), { name: 'REDIS_URL', value: `redis://:$(REDIS_PASSWORD)@${name}:${port}` })
  t.same(kustomization['resources'].toSorted(), readdirSync(new URL(FOLDER, rootUrl)).filter(file => file !== 'kustomization.yaml').toSorted())
  for (const folder of [FOLDER, 'deploy/kubernetes']) {
    t.equal(parse(source(`${folder}/kustomization.yaml`)).images[0].newTag, JSON.parse(source('package.json')).version, folder)
  }
  for (const { image } of [worker, planner]) t.ok(kustomization['images'].some((known: Json) => known['name'] === image))
})

t.test('plan and workers have the same paths; the password comes from one Secret', async t => {
  t.same(planner['volumeMounts'], worker['volumeMounts'])
  t.same(plan['spec'].volumes, workers['spec'].volumes)
  for (const path of planned.filter(word => word.includes('/'))) {
    t.ok(worker['volumeMounts'].some(({ mountPath }: Json) => path.includes(`${mountPath}/`)), path)
  }
  for (const { env } of containers) t.same(env[0].valueFrom.secretKeyRef, { name: SECRET, key: 'redis-password' })
  t.match(object('TriggerAuthentication')['spec'].secretTargetRef, [{ parameter: 'password', name: SECRET, key: 'redis-password' }])
})

t.test('Redis keeps the queue', async t => {
  for (const args of [store['args'], compose['services'].redis.command]) {
    t.equal(option(args, 'appendonly'), 'yes')
    t.equal(option(args, 'maxmemory-policy'), 'noeviction')
  }
  t.same(compose['services'].redis.ports, undefined, 'it has no password, so no port is published')
})

t.test('nothing runs as root or writes outside its volumes', async t => {
  for (const { spec } of [workers, redis, plan]) t.equal(spec.securityContext.runAsNonRoot, true)
  for (const { securityContext } of containers) {
    t.match(securityContext, { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } })
  }
  for (const name of ['redis', 'bulk-worker']) {
    t.match(compose['services'][name], { profiles: ['bulk'], read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
  }
})
