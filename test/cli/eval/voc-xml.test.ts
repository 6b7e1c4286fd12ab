import t from 'tap'
import { parseVocXml } from '../../../cli/eval/voc-xml.ts'
import { vocXml } from '../../support/voc-xml.ts'

t.test('objects without their parts; corners are pixels, counted from 1', async t => {
  const boxes = [{ name: 'cat &amp; dog', corners: [1, 1, 10, 20] as const }, { name: 'cow', corners: [5, 6, 7, 8] as const, difficult: true }]
  t.same(parseVocXml(`\uFEFF<?xml version="1.0"?>\n${vocXml('a.jpg', boxes)}`), {
    filename: 'a.jpg',
    objects: [
      { name: 'cat & dog', bbox: [0, 0, 10, 20], difficult: false },
      { name: 'cow', bbox: [4, 5, 3, 3], difficult: true }
    ]
  })
  t.same(parseVocXml('<annotation></annotation>'), { filename: undefined, objects: [] })
  t.same(parseVocXml(vocXml('a.jpg', [], [640, 480])), { filename: 'a.jpg', objects: [], size: { width: 640, height: 480 } })
})

t.test('describes the first fault', async t => {
  const faults: [string, RegExp][] = [
    ['', /^not XML: /],
    ['<annotation><object>', /^not XML: [^\n]+$/],
    ['<html></html>', /^expected <annotation>, found <html>$/],
    ['<annotation><object/></annotation>', /^object 1 has no name$/],
    ['<annotation><object><name>a</name></object></annotation>', /^object 1 \(a\) has no bndbox$/],
    [vocXml('a.jpg', [{ name: 'a', corners: [1, 2, NaN, 4] }]), /^object 1: expected a number in xmax, found NaN$/],
    ['<annotation><object><name>a</name><bndbox/></object></annotation>', /^object 1: expected a number in xmin, found nothing$/],
    ['<!DOCTYPE a [<!ENTITY x "y">]><annotation>&x;</annotation>', /^not XML: entity not found:&x;$/]
  ]
  for (const [text, message] of faults) t.throws(() => parseVocXml(text), { name: 'AnnotationError', message }, text)
})
