import t from 'tap'
import { onnxruntimeVersion, VERSION } from '../../../server/version.ts'
import { photo } from '../../support/files.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, SMALL_CLASSIFIER } from '../../support/model-files.ts'
import { startApp } from '../../support/server.ts'

const valueIn = (text: string, line: string): number => Number(new RegExp(`^${line.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1])

t.test('GET /metrics', async t => {
  const { app } = await startApp(t, { MAX_QUEUE: '0' })
  const post = (payload: Buffer) => app.inject({ method: 'POST', url: '/detect', payload, headers: { 'content-type': 'image/jpeg' } })
  await post(photo('sample-me.jpg'))
  await post(photo('sample-me.jpg').subarray(0, 9000))
  await Promise.all([post(photo('sample1.jpg')), post(photo('sample1.jpg'))])
  const response = await app.inject('/metrics')
  t.match(response.headers['content-type'], /^text\/plain/)
  const value = (line: string): number => valueIn(response.body, line)
  t.equal(value('nanodet_detections_total{model="nanodet-m-416",label="tie"}'), 1)
  t.ok(value('nanodet_stage_duration_seconds_count{task="detect",model="nanodet-m-416",stage="inference"}') >= 2)
  t.ok(value('nanodet_stage_duration_seconds_sum{task="detect",model="nanodet-m-416",stage="decode"}') > 0)
  t.equal(value('nanodet_http_request_errors_total{code="CORRUPT_IMAGE"}'), 1)
  t.equal(value('nanodet_http_request_errors_total{code="OVERLOADED"}'), 1)
  t.equal(value('nanodet_rejected_total{reason="queue_full"}'), 1)
  t.equal(value('nanodet_http_request_duration_seconds_count{method="POST",route="/detect",status="422",dialect="native"}'), 1)
  t.equal(value('nanodet_workers'), 1)
  t.equal(value('nanodet_model_info{model="nanodet-m-416",provider="cpu",precision="fp32"}'), 1)
  t.ok(value('nanodet_batch_size_bucket{le="1",task="detect",model="nanodet-m-416"}') >= 2)
  t.equal(value('nanodet_workers_busy'), 0)
  t.equal(value('nanodet_queue_depth'), 0)
  t.equal(value('nanodet_ready'), 1)
  t.equal(value('nanodet_worker_crashes_total'), 0)
  t.ok(value('nanodet_eventloop_utilization') > 0 && value('nanodet_eventloop_utilization') <= 1)
  t.ok(value('process_resident_memory_bytes') > 1e7)
  t.equal(value('nanodet_http_requests_in_flight'), 1, 'this one')
})

t.test('stages of every task are timed, and only existing models have series', async t => {
  const files = { 'kinds.json': CLASSIFIER_JSON, 'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict) }
  const { app } = await startApp(t, { MODELS_DIR: t.testdir(files) })
  const post = (url: string) => app.inject({ method: 'POST', url, payload: photo('sample-me.jpg'), headers: { 'content-type': 'image/jpeg' } })
  for (const url of ['/classify', '/features?layers=p5', '/detect?features=p5&classes=tie', '/detect?model=yolo', '/detect?model=kinds']) await post(url)
  await post('/detect')
  const text = (await app.inject('/metrics')).body
  const count = (task: string, model: string, stage: string): number =>
    valueIn(text, `nanodet_stage_duration_seconds_count{task="${task}",model="${model}",stage="${stage}"}`)
  t.same(['queue', 'decode', 'inference'].map(stage => count('classify', 'kinds', stage)), [1, 1, 1])
  t.same(['queue', 'inference', 'render'].map(stage => count('features', 'nanodet-m-416', stage)), [2, 2, 2])
  t.same(['queue', 'render'].map(stage => count('detect', 'nanodet-m-416', stage)), [1, NaN])
  t.equal(valueIn(text, 'nanodet_detections_total{model="nanodet-m-416",label="tie"}'), 3)
  t.notMatch(text, /yolo/)
})

t.test('versions, fine buckets, and other methods under one name', async t => {
  const { app } = await startApp(t)
  await app.inject({ method: 'PROPFIND' as 'GET', url: '/detect' })
  await app.inject({ method: 'POST', url: '/detect', payload: photo('sample-me.jpg'), headers: { 'content-type': 'image/jpeg' } })
  const text = (await app.inject('/metrics')).body
  t.equal(valueIn(text, `nanodet_build_info{version="${VERSION}",node="${process.versions.node}",onnxruntime="${onnxruntimeVersion()}"}`), 1)
  for (const le of [0.015, 0.02, 0.03, 0.04, 0.075]) t.match(text, `nanodet_stage_duration_seconds_bucket{le="${le}",`)
  t.notMatch(text, 'PROPFIND')
  t.match(text, /nanodet_http_request_duration_seconds_count\{method="other",route="none"/)
})

t.test('a model with thousands of labels has a bounded number of series', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const labels = Array.from({ length: 10_000 }, (_, i) => `label${i}`)
  app.get('/test', async request => {
    request.record.runs.push({ task: 'detect', model: 'wide', image: { width: 1, height: 1 }, times: { total: 1 }, objects: labels })
    return {}
  })
  await app.inject('/test')
  const series = (await app.inject('/metrics')).body.match(/^nanodet_detections_total\{model="wide",.*$/gm)!
  t.equal(series.length, 501)
  t.ok(series.includes('nanodet_detections_total{model="wide",label="other"} 9500'))
})
